// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.v1.KmpServiceGrpc;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.KmpServiceRegisterRequest.Accept;
import dev.samd.v1.KmpServiceRegisterRequest.Decline;
import dev.samd.v1.KmpServiceRegisterRequest.Progress;
import dev.samd.v1.KmpServiceRegisterResponse;
import dev.samd.wire.FieldWire;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One registration of a KMP, for as long as it is open. Thread-safe: what is said is handed to the connection's thread, in
 * order; after the end it goes nowhere.
 */
public final class KmpSession implements AutoCloseable {
    private final Connection connection;
    private final KmpListener listener;
    private final Answers answers = new Answers();

    KmpSession(Connection connection, KmpListener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    void open(KmpServiceRegisterRequest.Hello hello) {
        KmpServiceRegisterRequest first =
                KmpServiceRegisterRequest.newBuilder().setHello(hello).build();
        boolean taken = onLoop(() -> {
            KmpServiceGrpc.newStub(connection.channel())
                    .withExecutor(connection.loop())
                    .register(answers);
            answers.send(first);
        });
        if (!taken) {
            throw new SamdUnavailableException(
                    connection.address(), "is not reached through a client that was closed", null);
        }
    }

    /** Takes an acquire; {@link KmpListener#onClaim} comes next. */
    public void accept(int sequence) {
        say(KmpServiceRegisterRequest.newBuilder()
                .setAccept(Accept.newBuilder().setSequence(sequence))
                .build());
    }

    /** Leaves an acquire to the next KMP. */
    public void decline(int sequence, String reason) {
        say(KmpServiceRegisterRequest.newBuilder()
                .setDecline(Decline.newBuilder().setSequence(sequence).setReason(reason))
                .build());
    }

    /**
     * A step was reached: the acquire lives on.
     *
     * @param step in a few words, for those who watch
     */
    public void progress(int sequence, String step) {
        say(KmpServiceRegisterRequest.newBuilder()
                .setProgress(Progress.newBuilder().setSequence(sequence).setStep(step))
                .build());
    }

    /** Unregisters. The listener is not called any more once the connection's thread has seen it. */
    @Override
    public void close() {
        onLoop(answers::close);
    }

    private void say(KmpServiceRegisterRequest request) {
        onLoop(() -> answers.send(request));
    }

    private boolean onLoop(Runnable work) {
        try {
            connection.loop().execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            // The client was closed: the registration ended with it.
            return false;
        }
    }

    /** The stream. Confined to the loop. */
    private final class Answers
            implements ClientResponseObserver<KmpServiceRegisterRequest, KmpServiceRegisterResponse> {
        private @Nullable ClientCallStreamObserver<KmpServiceRegisterRequest> requests;
        private boolean over;

        @Override
        public void beforeStart(ClientCallStreamObserver<KmpServiceRegisterRequest> stream) {
            requests = stream;
        }

        void send(KmpServiceRegisterRequest request) {
            ClientCallStreamObserver<KmpServiceRegisterRequest> stream = requests;
            if (!over && stream != null) {
                stream.onNext(request);
            }
        }

        void close() {
            over = true;
            if (requests != null) {
                requests.cancel("unregistered", null);
            }
        }

        @Override
        public void onNext(KmpServiceRegisterResponse answer) {
            if (over) {
                return;
            }
            try {
                deliver(answer);
            } catch (SamdUnavailableException e) {
                end(e);
            }
        }

        private void deliver(KmpServiceRegisterResponse answer) {
            switch (answer.getItemCase()) {
                case SUPPORTED -> listener.onSupported(KmpWire.support(answer.getSupported()));
                case ACQUIRE -> listener.onAcquire(connection.understand(() -> KmpWire.acquire(answer.getAcquire())));
                case CLAIM ->
                    listener.onClaim(
                            answer.getClaim().getSequence(),
                            FieldWire.octets(answer.getClaim().getClaim()));
                case WITHDRAWN ->
                    listener.onWithdrawn(
                            answer.getWithdrawn().getSequence(),
                            answer.getWithdrawn().getReason());
                case EVENT ->
                    listener.onEvent(connection.understand(() -> Watch.Subscription.event(answer.getEvent())));
                case ITEM_NOT_SET -> throw connection.incomprehensible("with an empty item to a registration");
            }
        }

        @Override
        public void onError(Throwable failure) {
            end(connection.failure(failure));
        }

        @Override
        public void onCompleted() {
            end(new SamdUnavailableException(connection.address(), "ended the registration", null));
        }

        private void end(RuntimeException failure) {
            if (!over) {
                close();
                listener.onEnd(failure);
            }
        }
    }
}
