// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.RecordServiceStreamResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One bidirectional stream of record calls. Thread-safe.
 *
 * <p>Callers put their items in a bounded queue and go on. Everything else is confined to the event loop: one turn of it,
 * the <em>drain</em>, sends whatever waits, so that items gather by themselves while the loop or the transport is busy, and
 * an item that comes alone leaves at once. Two bounds hold a turn back: items without an answer, and the transport's own
 * readiness.
 *
 * <p>A stream that breaks takes its unanswered items along: they fail, and are never sent again, because the daemon may
 * have accepted a record and would call the second one a replay. Items that were not sent go to the next stream, but only
 * if the broken one had sent something: so every stream that fails brings the queue nearer to its end, and a daemon that is
 * away fails them all at once.
 */
final class RecordStream {
    /** What the daemon waits by itself when a call says nothing. */
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(2);

    private static final long SWEEP_MILLIS = 500;

    private final Connection connection;
    private final StreamBounds bounds;
    private final EventLoop loop;
    private final AtomicLong lastId = new AtomicLong();

    private final Object lock = new Object();
    /** Guarded by {@link #lock}, as the next two. */
    private final ArrayDeque<PendingCall<?>> waiting = new ArrayDeque<>();

    private boolean drainScheduled;
    private boolean closed;

    /** The stream in use; {@code null} before the first call and after a break. Confined to the loop. */
    private @Nullable Run run;

    /** The next look for overdue calls; {@code null} while no call is under way. Confined to the loop. */
    private @Nullable ScheduledFuture<?> nextSweep;

    RecordStream(Connection connection, StreamBounds bounds) {
        this.connection = connection;
        this.bounds = bounds;
        this.loop = connection.loop();
    }

    <T> CompletableFuture<T> submit(
            Duration wait,
            Function<RecordServiceStreamRequest.Item.Builder, RecordServiceStreamRequest.Item.Builder> content,
            PendingCall.Reader<T, RecordServiceStreamResponse.Item> reader) {
        RecordServiceStreamRequest.Item item = content.apply(
                        RecordServiceStreamRequest.Item.newBuilder().setId(lastId.incrementAndGet()))
                .build();
        Duration patience = (wait.isZero() ? DEFAULT_WAIT : wait).plus(bounds.grace());
        PendingCall<T> call = new PendingCall<>(item, System.nanoTime() + patience.toNanos(), reader);
        RuntimeException refusal = enqueue(call);
        if (refusal != null) {
            call.future().completeExceptionally(refusal);
        }
        return call.future();
    }

    private @Nullable RuntimeException enqueue(PendingCall<?> call) {
        if (call.size() > bounds.itemOctets()) {
            return new SaException(
                    SaError.TOO_LARGE,
                    call.size() + " octets",
                    "an item of " + call.size() + " octets; at most " + bounds.itemOctets() + " expected");
        }
        synchronized (lock) {
            if (closed) {
                return closed();
            }
            if (waiting.size() >= bounds.waiting()) {
                return new SaException(
                        SaError.TOO_MANY,
                        bounds.waiting() + " calls",
                        bounds.waiting() + " calls wait for samd at " + connection.address() + "; one more is refused");
            }
            waiting.add(call);
            if (drainScheduled) {
                return null;
            }
            drainScheduled = true;
        }
        return schedule() ? null : closed();
    }

    private boolean schedule() {
        try {
            loop.execute(this::drain);
            return true;
        } catch (RejectedExecutionException e) {
            // The loop ends with the connection: everybody who waits is told the same.
            failAll(takeWaiting(Integer.MAX_VALUE, Long.MAX_VALUE), closed());
            return false;
        }
    }

    /** Sends what waits, as far as the bounds allow. On the loop. */
    private void drain() {
        synchronized (lock) {
            drainScheduled = false;
            if (closed || waiting.isEmpty()) {
                return;
            }
        }
        if (nextSweep == null) {
            nextSweep = loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
        Run current = run;
        if (current == null) {
            current = new Run();
            run = current;
            current.start();
        }
        current.send();
    }

    /** Fails what has waited too long: the daemon answers in time, or not at all. On the loop. */
    private void sweep() {
        long now = System.nanoTime();
        List<PendingCall<?>> overdue = new ArrayList<>();
        boolean more;
        synchronized (lock) {
            // Calls differ in their patience, so an overdue one may stand anywhere in the queue.
            waiting.removeIf(call -> call.overdue(now) && overdue.add(call));
            more = !waiting.isEmpty();
        }
        Run current = run;
        if (current != null) {
            // They keep their places: the daemon counts them as unanswered too.
            current.outstanding.values().stream()
                    .filter(call -> call.overdue(now))
                    .forEach(overdue::add);
            more |= !current.outstanding.isEmpty();
        }
        failAll(
                overdue,
                new SaException(
                        SaError.TIMED_OUT,
                        connection.address(),
                        "samd at " + connection.address() + " did not answer in time"));
        nextSweep = more ? loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS) : null;
    }

    private List<PendingCall<?>> takeWaiting(int items, long octets) {
        List<PendingCall<?>> batch = new ArrayList<>();
        long size = 0;
        synchronized (lock) {
            while (batch.size() < items && !waiting.isEmpty()) {
                PendingCall<?> next = waiting.element();
                if (!batch.isEmpty() && size + next.size() > octets) {
                    break;
                }
                waiting.remove();
                // Who does not wait any more gets nothing sealed or opened.
                if (!next.future().isDone()) {
                    size += next.size();
                    batch.add(next);
                }
            }
        }
        return batch;
    }

    void close() {
        synchronized (lock) {
            closed = true;
        }
        try {
            loop.execute(this::end);
        } catch (RejectedExecutionException e) {
            failAll(takeWaiting(Integer.MAX_VALUE, Long.MAX_VALUE), closed());
        }
    }

    /** Ends everything that is under way. On the loop. */
    private void end() {
        failAll(takeWaiting(Integer.MAX_VALUE, Long.MAX_VALUE), closed());
        if (nextSweep != null) {
            nextSweep.cancel(false);
        }
        if (run != null) {
            run.end(closed());
        }
    }

    private SamdUnavailableException closed() {
        return new SamdUnavailableException(
                connection.address(), "is not reached through a client that was closed", null);
    }

    private static void failAll(Collection<PendingCall<?>> calls, RuntimeException failure) {
        for (PendingCall<?> call : calls) {
            call.future().completeExceptionally(failure);
        }
    }

    /** One stream from its start to its end. Confined to the loop. */
    private final class Run implements ClientResponseObserver<RecordServiceStreamRequest, RecordServiceStreamResponse> {
        private final Map<Long, PendingCall<?>> outstanding = new HashMap<>();
        private @Nullable ClientCallStreamObserver<RecordServiceStreamRequest> requests;
        private boolean sent;

        void start() {
            RecordServiceGrpc.newStub(connection.channel()).withExecutor(loop).stream(this);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<RecordServiceStreamRequest> requestStream) {
            requests = requestStream;
            requestStream.setOnReadyHandler(RecordStream.this::drain);
        }

        void send() {
            ClientCallStreamObserver<RecordServiceStreamRequest> stream = requests;
            while (stream != null && stream.isReady() && outstanding.size() < bounds.outstanding()) {
                int room = Math.min(bounds.batchItems(), bounds.outstanding() - outstanding.size());
                List<PendingCall<?>> batch = takeWaiting(room, bounds.batchOctets());
                if (batch.isEmpty()) {
                    return;
                }
                RecordServiceStreamRequest.Builder message = RecordServiceStreamRequest.newBuilder();
                for (PendingCall<?> call : batch) {
                    outstanding.put(call.item().getId(), call);
                    message.addItems(call.item());
                }
                sent = true;
                stream.onNext(message.build());
            }
        }

        @Override
        public void onNext(RecordServiceStreamResponse answers) {
            boolean full = outstanding.size() >= bounds.outstanding();
            for (RecordServiceStreamResponse.Item answer : answers.getItemsList()) {
                PendingCall<?> call = outstanding.remove(answer.getId());
                if (call != null) {
                    call.answer(connection, answer);
                }
            }
            if (full) {
                drain();
            }
        }

        @Override
        public void onError(Throwable failure) {
            broken(connection.failure(failure));
        }

        @Override
        public void onCompleted() {
            broken(new SamdUnavailableException(connection.address(), "ended the record stream", null));
        }

        private void broken(RuntimeException failure) {
            if (run != this) {
                return;
            }
            end(failure);
            if (!sent) {
                failAll(takeWaiting(Integer.MAX_VALUE, Long.MAX_VALUE), failure);
            }
            drain();
        }

        /** Gives up the stream and everything on it. */
        void end(RuntimeException failure) {
            run = null;
            List<PendingCall<?>> lost = List.copyOf(outstanding.values());
            outstanding.clear();
            failAll(lost, failure);
            if (requests != null) {
                requests.cancel("given up", failure);
            }
        }
    }
}
