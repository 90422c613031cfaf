// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.Clocks;
import dev.samd.daemon.KmpChannel;
import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.access.Verb;
import dev.samd.daemon.events.LoggedEvent;
import dev.samd.daemon.sadb.Cursor;
import dev.samd.daemon.sadb.KmpRegistration;
import dev.samd.daemon.sadb.Notice;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.KmpServiceRegisterRequest.Hello;
import dev.samd.v1.KmpServiceRegisterResponse;
import dev.samd.v1.KmpServiceRegisterResponse.Supported;
import dev.samd.v1.SaType;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One registration of a KMP: as long as the stream lives, the KMP is asked.
 *
 * <p>Its requests are read one at a time. What it is told waits in a bounded queue until it reads; when that is full the
 * registration ends, since a KMP that does not read does not negotiate either. The thread of the database only queues here.
 * The monitor guards everything.
 */
final class KmpStream implements StreamObserver<KmpServiceRegisterRequest>, KmpChannel {
    /** More than all ACQUIREs that may be open at a time, with what is said to each. */
    private static final int MAX_UNREAD = 16_384;

    private final SadbLoop loop;
    private final Clocks clocks;
    private final Caller caller;
    private final ServerCallStreamObserver<KmpServiceRegisterResponse> out;
    private final Executor executor;
    private final ArrayDeque<KmpServiceRegisterResponse> unread = new ArrayDeque<>();
    private Runnable leaveDrain = () -> {};
    private @Nullable Long registration;
    private boolean greeted;
    /** What comes before hello is answered waits behind that answer. */
    private boolean answered;

    private boolean writing;
    private boolean ended;

    KmpStream(
            SadbLoop loop,
            Clocks clocks,
            Caller caller,
            ServerCallStreamObserver<KmpServiceRegisterResponse> out,
            Executor executor) {
        this.loop = loop;
        this.clocks = clocks;
        this.caller = caller;
        this.out = out;
        this.executor = executor;
    }

    /** Made inside the handler, where the observer still takes listeners. */
    void begin(Drain drain) {
        Runnable complete = this::onCompleted;
        out.disableAutoRequest();
        out.setOnReadyHandler(this::write);
        out.setOnCancelHandler(this::end);
        synchronized (this) {
            leaveDrain = () -> drain.leave(complete);
        }
        drain.enter(complete);
        out.request(1);
    }

    @Override
    public synchronized void onNext(KmpServiceRegisterRequest request) {
        if (ended) {
            return;
        }
        try {
            take(request);
        } catch (SaException e) {
            end();
            throw e;
        }
    }

    private void take(KmpServiceRegisterRequest request) {
        if (!greeted) {
            greet(request);
            return;
        }
        Long kmp = registration;
        if (kmp == null) {
            throw refuse("hello", "this stream registers no KMP, and is told nothing");
        }
        switch (request.getItemCase()) {
            case ACCEPT -> {
                long sequence = unsigned(request.getAccept().getSequence());
                goOn(loop.submit((sadb, now) -> sadb.accept(now, kmp, sequence)));
            }
            case DECLINE -> {
                long sequence = unsigned(request.getDecline().getSequence());
                String reason = KmpService.reason(request.getDecline().getReason());
                goOn(loop.submit((sadb, now) -> sadb.decline(now, kmp, sequence, reason)));
            }
            case PROGRESS -> {
                long sequence = unsigned(request.getProgress().getSequence());
                goOn(loop.submit((sadb, now) -> sadb.progress(now, kmp, sequence)));
            }
            case HELLO -> throw refuse("hello", "hello comes once, as the first message");
            case ITEM_NOT_SET -> throw refuse("item", "item is missing: say accept, decline or progress");
        }
    }

    private static long unsigned(int number) {
        return Integer.toUnsignedLong(number);
    }

    private void greet(KmpServiceRegisterRequest request) {
        if (!request.hasHello()) {
            throw refuse("hello", "the first message is not hello");
        }
        greeted = true;
        Hello hello = request.getHello();
        if (!wantsRegistration(hello)) {
            answer();
            out.request(1);
            return;
        }
        KmpRegistration kmp =
                new KmpRegistration(hello.getKmp(), caller.principal(), Set.copyOf(hello.getResourcesList()));
        caller.require(Verb.REGISTER, kmp.name(), caller.rights().actAs(kmp.name()));
        goOn(loop.register(kmp, this).thenApply(number -> {
            registered(number);
            return true;
        }));
    }

    private static boolean wantsRegistration(Hello hello) {
        List<SaType> types = hello.getTypesList();
        if (types.contains(SaType.UNRECOGNIZED) || types.isEmpty() || new HashSet<>(types).size() != types.size()) {
            throw refuse("types", "types are one or more SA types, each once: " + hello.getTypesValueList());
        }
        if (!types.contains(SaType.SA_TYPE_UNSPECIFIED)) {
            return true;
        }
        if (types.size() > 1) {
            throw refuse("types", "the unspecified type registers nothing, and stands alone");
        }
        return false;
    }

    private static SaException refuse(String field, String why) {
        return new SaException(SaError.MALFORMED, field, why);
    }

    private synchronized void registered(long number) {
        if (ended) {
            loop.unregister(number);
            return;
        }
        registration = number;
        answer();
    }

    private void answer() {
        answered = true;
        unread.addFirst(supported());
        scheduleWrite();
    }

    private static KmpServiceRegisterResponse supported() {
        Supported.Builder supported = Supported.newBuilder()
                .setMaxSpiLength(Spi.MAX_LENGTH)
                .setMaxRecord(ServiceLimits.RECORD_PLAINTEXT)
                .addVersions(RecordVersion.DTLS12.wire());
        for (CipherSuite suite : CipherSuite.values()) {
            supported.addSuites(suite.code());
        }
        return KmpServiceRegisterResponse.newBuilder().setSupported(supported).build();
    }

    /** Reads the next request when this one is done, so that a KMP cannot fill the loop. */
    private void goOn(CompletionStage<Boolean> step) {
        step.whenComplete((done, failure) -> {
            if (failure == null) {
                out.request(1);
            } else {
                fail(failure);
            }
        });
    }

    @Override
    public void tell(Notice.ToKmp notice) {
        tell(AcquireWire.toWire(notice));
    }

    @Override
    public void happened(LoggedEvent event, Cursor cursor) {
        tell(KmpServiceRegisterResponse.newBuilder()
                .setEvent(EventWire.toWire(event, cursor, clocks::wallTime))
                .build());
    }

    private synchronized void tell(KmpServiceRegisterResponse message) {
        if (ended) {
            return;
        }
        if (unread.size() >= MAX_UNREAD) {
            executor.execute(() -> fail(new SaException(
                    SaError.TOO_MANY,
                    MAX_UNREAD + " messages",
                    MAX_UNREAD + " messages wait for this KMP to read them")));
            return;
        }
        unread.addLast(message);
        if (answered) {
            scheduleWrite();
        }
    }

    private void scheduleWrite() {
        if (!writing) {
            writing = true;
            executor.execute(this::write);
        }
    }

    private synchronized void write() {
        writing = false;
        while (!ended && !unread.isEmpty() && out.isReady()) {
            out.onNext(unread.removeFirst());
        }
    }

    private void fail(Throwable failure) {
        synchronized (this) {
            if (ended) {
                return;
            }
            end();
            out.onError(failure);
        }
    }

    @Override
    public void onError(Throwable cancelled) {
        end();
    }

    /** The KMP leaves, or the daemon stops. */
    @Override
    public synchronized void onCompleted() {
        if (!ended) {
            end();
            out.onCompleted();
        }
    }

    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        unread.clear();
        leaveDrain.run();
        if (registration != null) {
            loop.unregister(registration);
        }
    }
}
