// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Unary calls, one after another or some at a time. */
final class UnaryLoad {
    private final Channel channel;
    private final GrpcTarget target;
    private int next;

    UnaryLoad(Channel channel, GrpcTarget target) {
        this.channel = channel;
        this.target = target;
    }

    /** Microseconds of one call, one at a time by a thread that waits: the median. */
    Loaded medianMicroseconds(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long[] nanoseconds = new long[1 << 12];
        int calls = 0;
        byte[] answer;
        long now = System.nanoTime();
        do {
            answer = ClientCalls.blockingUnaryCall(channel, target.unary(), CallOptions.DEFAULT, nextRequest());
            long then = now;
            now = System.nanoTime();
            if (calls == nanoseconds.length) {
                nanoseconds = Arrays.copyOf(nanoseconds, 2 * calls);
            }
            nanoseconds[calls++] = now - then;
        } while (now < end);
        target.checkUnary().accept(answer);
        Arrays.sort(nanoseconds, 0, calls);
        return new Loaded(nanoseconds[calls / 2] / 1e3, calls);
    }

    /** Calls per second with so many under way; every answer starts the next call. */
    Loaded perSecond(int inFlight, Duration time) {
        long start = System.nanoTime();
        Lanes lanes = new Lanes(start + time.toNanos(), inFlight);
        for (int i = 0; i < inFlight; i++) {
            lanes.call();
        }
        byte[] last = lanes.ended.join();
        target.checkUnary().accept(last);
        return Loaded.rate(lanes.answered.get(), start);
    }

    private synchronized byte[] nextRequest() {
        return target.requests().get(next++ & (GrpcTarget.SAS - 1));
    }

    private final class Lanes {
        private final long end;
        private final AtomicLong running;
        private final AtomicLong answered = new AtomicLong();
        private final CompletableFuture<byte[]> ended = new CompletableFuture<>();

        Lanes(long end, int inFlight) {
            this.end = end;
            running = new AtomicLong(inFlight);
        }

        void call() {
            ClientCall<byte[], byte[]> call = channel.newCall(target.unary(), CallOptions.DEFAULT);
            call.start(new Answer(), new Metadata());
            call.request(2);
            call.sendMessage(nextRequest());
            call.halfClose();
        }

        private final class Answer extends ClientCall.Listener<byte[]> {
            private byte @Nullable [] answer;

            @Override
            public void onMessage(byte[] message) {
                answer = message;
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                byte[] got = answer;
                if (!status.isOk() || got == null) {
                    ended.completeExceptionally(status.asRuntimeException());
                    return;
                }
                answered.incrementAndGet();
                if (System.nanoTime() < end) {
                    call();
                } else if (running.decrementAndGet() == 0) {
                    ended.complete(got);
                }
            }
        }
    }
}
