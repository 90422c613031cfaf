// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceStreamResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Protects messages by a stream and by calls of their own at a pace, each on a connection of its own, and looks at every
 * answer. What cannot be sent at its time, since too much is under way, is sent later.
 */
final class Paced implements AutoCloseable {
    /** No pace: as fast as answers come. */
    static final double UNBOUNDED = Double.POSITIVE_INFINITY;

    private static final int MESSAGES_IN_FLIGHT = 4;
    private static final int CALLS_IN_FLIGHT = 32;
    private static final long TICK_NANOS = 200_000;

    private final GrpcTarget target;
    private final GrpcClient streaming;
    private final GrpcClient calling;
    private final ClientCall<byte[], byte[]> stream;
    private final AtomicLong itemsUnderWay = new AtomicLong();
    private final AtomicLong callsUnderWay = new AtomicLong();
    private final AtomicLong items = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private int nextBatch;
    private int nextRequest;

    Paced(Path socket, GrpcTarget target) {
        this.target = target;
        streaming = new GrpcClient(socket);
        calling = new GrpcClient(socket);
        stream = streaming.channel().newCall(target.stream(), CallOptions.DEFAULT);
        stream.start(new Batches(), new Metadata());
        stream.request(MESSAGES_IN_FLIGHT);
    }

    /** Items and calls that were answered, and those of both that were refused or broken. */
    record Counts(long items, long calls, long refused) {
        Counts minus(Counts earlier) {
            return new Counts(items - earlier.items, calls - earlier.calls, refused - earlier.refused);
        }
    }

    Counts counts() {
        return new Counts(items.get(), calls.get(), refused.get());
    }

    /** Sends until a time, from this thread alone. */
    void run(double itemsPerSecond, double callsPerSecond, long endNanos) {
        long start = System.nanoTime();
        long itemsSent = 0;
        long callsSent = 0;
        for (long now = start; now < endNanos; now = System.nanoTime()) {
            double seconds = (now - start) / 1e9;
            while (itemsSent + GrpcTarget.BATCH <= itemsPerSecond * seconds
                    && itemsUnderWay.get() <= (MESSAGES_IN_FLIGHT - 1) * GrpcTarget.BATCH) {
                itemsUnderWay.addAndGet(GrpcTarget.BATCH);
                stream.sendMessage(target.batches().get(nextBatch++ & (GrpcTarget.SAS - 1)));
                itemsSent += GrpcTarget.BATCH;
            }
            while (callsSent < callsPerSecond * seconds && callsUnderWay.get() < CALLS_IN_FLIGHT) {
                callsUnderWay.incrementAndGet();
                call();
                callsSent++;
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    private void call() {
        ClientCall<byte[], byte[]> call = calling.channel().newCall(target.unary(), CallOptions.DEFAULT);
        call.start(new Answer(), new Metadata());
        call.request(2);
        call.sendMessage(target.requests().get(nextRequest++ & (GrpcTarget.SAS - 1)));
        call.halfClose();
    }

    private final class Batches extends ClientCall.Listener<byte[]> {
        @Override
        public void onMessage(byte[] message) {
            stream.request(1);
            long good = 0;
            long all = 0;
            for (RecordServiceStreamResponse.Item item : parsed(message).getItemsList()) {
                good += item.hasProtect() ? 1 : 0;
                all++;
            }
            items.addAndGet(good);
            refused.addAndGet(all - good);
            itemsUnderWay.addAndGet(-all);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (!status.isOk()) {
                refused.incrementAndGet();
            }
        }
    }

    private static RecordServiceStreamResponse parsed(byte[] message) {
        try {
            return RecordServiceStreamResponse.parseFrom(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Answer extends ClientCall.Listener<byte[]> {
        private boolean good;

        @Override
        public void onMessage(byte[] message) {
            try {
                good = !RecordServiceProtectResponse.parseFrom(message)
                        .getCoap()
                        .isEmpty();
            } catch (IOException e) {
                good = false;
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            (status.isOk() && good ? calls : refused).incrementAndGet();
            callsUnderWay.decrementAndGet();
        }
    }

    /** Ends the stream in order: what is under way is answered. */
    @Override
    public void close() {
        stream.halfClose();
        streaming.close();
        calling.close();
    }
}
