// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import com.google.protobuf.ByteString;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.Bypassed;
import dev.samd.v1.Challenged;
import dev.samd.v1.DiscardReason;
import dev.samd.v1.Discarded;
import dev.samd.v1.Identity;
import dev.samd.v1.IdentityType;
import dev.samd.v1.Opened;
import dev.samd.v1.RecordServiceGrpc.RecordServiceImplBase;
import dev.samd.v1.RecordServiceOpenResponse;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceSealResponse;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.RecordServiceStreamResponse;
import dev.samd.v1.RecordServiceUnprotectResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/**
 * A record service that gives every message back as it came, and remembers what it was asked. A message that begins with
 * {@link #REFUSED} is refused, one that begins with {@link #REPLAYED} is discarded, one that begins with
 * {@link #BYPASSED} passes in clear, one that begins with {@link #CHALLENGED} is not fresh. Thread-safe.
 */
public final class FakeRecords extends RecordServiceImplBase {
    /** First octet of what is refused with NO_USABLE_SA. */
    public static final byte REFUSED = 0x7d;

    /** First octet of what is discarded as a replay. */
    public static final byte REPLAYED = 0x7e;

    /** First octet of what passes in clear. */
    public static final byte BYPASSED = 0x7c;

    /** First octet of what is not fresh. */
    public static final byte CHALLENGED = 0x7b;

    private static final ByteString SPI = ByteString.fromHex("3f1a07c2");
    private static final Identity IDENTITY = Identity.newBuilder()
            .setKmp("manual")
            .setType(IdentityType.IDENTITY_TYPE_MANUAL)
            .setValue("coap://device-1")
            .build();

    private static final Discarded DISCARDED = Discarded.newBuilder()
            .setReason(DiscardReason.DISCARD_REASON_REPLAY)
            .setSaId(7)
            .build();

    private final List<RecordServiceStreamRequest.Item> items = new ArrayList<>();
    private final List<RecordServiceStreamRequest> batches = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private StreamObserver<RecordServiceStreamResponse> answers;

    /** From now on nothing is answered until {@link #release}. */
    public synchronized void hold() {
        holding = true;
    }

    /** Answers everything that was held, and holds nothing any more. */
    public synchronized void release() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    /** Forgets what was held, and holds nothing any more. */
    public synchronized void forget() {
        holding = false;
        held.clear();
    }

    /** Breaks the stream in use. */
    public synchronized void breakStream(Throwable status) {
        forget();
        answers.onError(status);
    }

    /** Every item so far. */
    public synchronized List<RecordServiceStreamRequest.Item> items() {
        return List.copyOf(items);
    }

    /** Every message of the stream so far. */
    public synchronized List<RecordServiceStreamRequest> batches() {
        return List.copyOf(batches);
    }

    @Override
    public synchronized StreamObserver<RecordServiceStreamRequest> stream(
            StreamObserver<RecordServiceStreamResponse> observer) {
        answers = observer;
        return new StreamObserver<>() {
            @Override
            public void onNext(RecordServiceStreamRequest batch) {
                accept(batch, observer);
            }

            @Override
            public void onError(Throwable failure) {
                // The client has gone: there is nobody to answer.
            }

            @Override
            public void onCompleted() {
                observer.onCompleted();
            }
        };
    }

    private synchronized void accept(
            RecordServiceStreamRequest batch, StreamObserver<RecordServiceStreamResponse> observer) {
        batches.add(batch);
        items.addAll(batch.getItemsList());
        RecordServiceStreamResponse.Builder response = RecordServiceStreamResponse.newBuilder();
        batch.getItemsList().forEach(item -> response.addItems(answer(item)));
        Runnable send = () -> observer.onNext(response.build());
        if (holding) {
            held.add(send);
        } else {
            send.run();
        }
    }

    private static RecordServiceStreamResponse.Item answer(RecordServiceStreamRequest.Item item) {
        RecordServiceStreamResponse.Item.Builder answer =
                RecordServiceStreamResponse.Item.newBuilder().setId(item.getId());
        ByteString message =
                switch (item.getCallCase()) {
                    case PROTECT -> item.getProtect().getCoap();
                    case UNPROTECT -> item.getUnprotect().getCoap();
                    case SEAL -> item.getSeal().getPlaintext();
                    case OPEN -> item.getOpen().getRecord();
                    case CALL_NOT_SET -> ByteString.EMPTY;
                };
        if (begins(message, REFUSED)) {
            return answer.setRefused(ErrorWire.toRefusal(
                            new SaException(SaError.NO_USABLE_SA, "coap://x", "no usable SA for peer coap://x")))
                    .build();
        }
        switch (item.getCallCase()) {
            case PROTECT ->
                answer.setProtect(
                        begins(message, BYPASSED)
                                ? RecordServiceProtectResponse.newBuilder()
                                        .setCoap(message)
                                        .setBypassed(true)
                                : protectedMessage().setCoap(message));
            case UNPROTECT -> answer.setUnprotect(unprotected(message));
            case SEAL ->
                answer.setSeal(RecordServiceSealResponse.newBuilder()
                        .setRecord(message)
                        .setSaId(7)
                        .setSpi(SPI)
                        .setPeer("coap://device-1")
                        .setIdentity(IDENTITY)
                        .setEpoch(1)
                        .setSequence(42));
            case OPEN ->
                answer.setOpen(
                        begins(message, REPLAYED)
                                ? RecordServiceOpenResponse.newBuilder().setDiscarded(DISCARDED)
                                : RecordServiceOpenResponse.newBuilder().setOpened(opened().setPlaintext(message)));
            case CALL_NOT_SET -> answer.clearOutcome();
        }
        return answer.build();
    }

    private static RecordServiceUnprotectResponse.Builder unprotected(ByteString message) {
        RecordServiceUnprotectResponse.Builder answer = RecordServiceUnprotectResponse.newBuilder();
        if (begins(message, BYPASSED)) {
            return answer.setBypassed(Bypassed.newBuilder().setCoap(message));
        }
        if (begins(message, CHALLENGED)) {
            return answer.setChallenged(Challenged.newBuilder().setCoap(message));
        }
        return begins(message, REPLAYED) ? answer.setDiscarded(DISCARDED) : answer.setOpened(opened().setCoap(message));
    }

    private static boolean begins(ByteString message, byte octet) {
        return !message.isEmpty() && message.byteAt(0) == octet;
    }

    private static RecordServiceProtectResponse.Builder protectedMessage() {
        return RecordServiceProtectResponse.newBuilder()
                .setReference(ByteString.fromHex("0a0b0c"))
                .setSaId(7)
                .setSpi(SPI)
                .setPeer("coap://device-1")
                .setIdentity(IDENTITY);
    }

    private static Opened.Builder opened() {
        return Opened.newBuilder()
                .setPeer("coap://device-1")
                .setIdentity(IDENTITY)
                .addScope("coap://device-1")
                .setReference(ByteString.fromHex("0d0e0f"))
                .setObserveOrder(5)
                .setSaId(8)
                .setSpi(SPI)
                .setPairId(3);
    }
}
