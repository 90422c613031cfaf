// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Items on one bidirectional stream, {@link GrpcTarget#BATCH} in a message and so many messages under way. */
final class StreamLoad {
    private final Channel channel;
    private final GrpcTarget target;

    StreamLoad(Channel channel, GrpcTarget target) {
        this.channel = channel;
        this.target = target;
    }

    /** Items per second. */
    Loaded perSecond(int messagesInFlight, Duration time) {
        long start = System.nanoTime();
        ClientCall<byte[], byte[]> call = channel.newCall(target.stream(), CallOptions.DEFAULT);
        Flow flow = new Flow(call, messagesInFlight, start + time.toNanos());
        call.start(flow, new Metadata());
        call.request(messagesInFlight);
        flow.send();
        return Loaded.rate(flow.ended.join(), start);
    }

    /** Runs on the event loop of the channel, but for its beginning. */
    private final class Flow extends ClientCall.Listener<byte[]> {
        private final ClientCall<byte[], byte[]> call;
        private final int window;
        private final long end;
        private final CompletableFuture<Long> ended = new CompletableFuture<>();
        private byte[] last = {};
        private long answered;
        private long sent;
        private int next;
        private boolean finishing;

        Flow(ClientCall<byte[], byte[]> call, int messagesInFlight, long end) {
            this.call = call;
            window = messagesInFlight * GrpcTarget.BATCH;
            this.end = end;
        }

        /** Sends as much as may be under way. */
        synchronized void send() {
            while (sent - answered + GrpcTarget.BATCH <= window) {
                call.sendMessage(target.batches().get(next++ & (GrpcTarget.SAS - 1)));
                sent += GrpcTarget.BATCH;
            }
        }

        @Override
        public synchronized void onMessage(byte[] message) {
            answered += GrpcTarget.items(message);
            last = message;
            call.request(1);
            if (finishing) {
                return;
            }
            if (System.nanoTime() >= end) {
                finishing = true;
                call.halfClose();
                return;
            }
            send();
        }

        @Override
        public synchronized void onClose(Status status, Metadata trailers) {
            if (!status.isOk()) {
                ended.completeExceptionally(status.asRuntimeException());
            } else if (answered != sent) {
                ended.completeExceptionally(
                        new IllegalStateException(sent + " items were sent, and " + answered + " answered"));
            } else {
                finish();
            }
        }

        private void finish() {
            try {
                target.checkStream().accept(last);
                ended.complete(answered);
            } catch (IllegalStateException e) {
                ended.completeExceptionally(e);
            }
        }
    }
}
