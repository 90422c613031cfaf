// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.Clocks;
import dev.samd.daemon.events.Delivery;
import dev.samd.daemon.events.EventLog;
import dev.samd.daemon.events.Subscription;
import dev.samd.daemon.sadb.Cursor;
import dev.samd.v1.Operation;
import dev.samd.v1.WatchServiceWatchResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One watcher: pulls from its cursor while its reader takes more, sleeps while there is nothing. */
final class WatchStream {
    /** Operations that wait for the reader; what comes beyond them is not shown to it. */
    private static final int MAX_OPERATIONS = 1024;

    private final ServerCallStreamObserver<WatchServiceWatchResponse> observer;
    private final WatchFilter filter;
    private final Clocks clocks;
    private final Executor executor;
    private final Consumer<Operation> operationWatcher = this::operated;
    private final ArrayDeque<Operation> operations = new ArrayDeque<>();
    private @Nullable Subscription subscription;
    private @Nullable OperationFeed feed;
    private boolean ended;

    /** Made inside the handler, where the observer still takes listeners. */
    WatchStream(
            ServerCallStreamObserver<WatchServiceWatchResponse> observer,
            WatchFilter filter,
            Clocks clocks,
            Executor executor) {
        this.observer = observer;
        this.filter = filter;
        this.clocks = clocks;
        this.executor = executor;
    }

    /** Shows the calls of others as well. Before {@link #begin}. */
    void promiscuous(OperationFeed calls) {
        feed = calls;
    }

    void begin(EventLog events, @Nullable Cursor from, Drain drain) {
        Runnable complete = this::complete;
        observer.setOnReadyHandler(this::advance);
        observer.setOnCancelHandler(() -> {
            drain.leave(complete);
            end();
        });
        synchronized (this) {
            Subscription begun = events.subscribe(from, () -> executor.execute(this::advance));
            subscription = begun;
            Cursor cursor = from == null ? begun.cursorOf(events) : from;
            if (feed != null) {
                // Before READY, since whoever has read that may count on seeing the next call whole.
                feed.watch(operationWatcher);
            }
            observer.onNext(WatchServiceWatchResponse.newBuilder()
                    .setReady(WatchServiceWatchResponse.Ready.newBuilder().setCursor(EntryWire.toWire(cursor)))
                    .build());
            advance();
        }
        drain.enter(complete);
    }

    private void operated(Operation operation) {
        synchronized (operations) {
            if (operations.size() >= MAX_OPERATIONS) {
                return;
            }
            operations.addLast(operation);
        }
        executor.execute(this::advance);
    }

    private synchronized void advance() {
        while (!ended && subscription != null && observer.isReady()) {
            Optional<Delivery> delivery = subscription.next();
            if (delivery.isPresent()) {
                write(delivery.get());
            } else if (!writeOperation()) {
                return;
            }
        }
    }

    private boolean writeOperation() {
        Operation next;
        synchronized (operations) {
            next = operations.pollFirst();
        }
        if (next == null) {
            return false;
        }
        observer.onNext(
                WatchServiceWatchResponse.newBuilder().setOperation(next).build());
        return true;
    }

    private void write(Delivery delivery) {
        if (delivery instanceof Delivery.Next next && filter.wants(next.event().event())) {
            observer.onNext(WatchServiceWatchResponse.newBuilder()
                    .setEvent(EventWire.toWire(next.event(), next.cursor(), clocks::wallTime))
                    .build());
        } else if (delivery instanceof Delivery.Lost lost) {
            observer.onNext(WatchServiceWatchResponse.newBuilder()
                    .setLost(WatchServiceWatchResponse.Lost.newBuilder()
                            .setCount(lost.count())
                            .setCursor(EntryWire.toWire(lost.cursor())))
                    .build());
        }
    }

    /** The daemon stops: what is in the log already is told if the reader takes it, then the stream ends well. */
    private synchronized void complete() {
        if (!ended) {
            advance();
            end();
            observer.onCompleted();
        }
    }

    private synchronized void end() {
        ended = true;
        if (subscription != null) {
            subscription.close();
        }
        if (feed != null) {
            feed.leave(operationWatcher);
        }
    }
}
