// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.store.MarkWaiter;
import dev.samd.engine.MustWait;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the data path: made at once; parked where numbers have run out, and made again when there are more.
 *
 * <p>Made by one thread at a time: the event loop first, a worker after each wait. Only {@link #cancel} comes from
 * elsewhere.
 */
final class RecordCall {
    private final Room room;
    private final Attempt attempt;
    private final long deadlineNanos;
    private final Consumer<RuntimeException> failed;
    private @Nullable MarkWaiter waiter;
    private boolean cancelled;

    /**
     * @param room where the call is made and parked
     * @param attempt the call
     * @param deadlineNanos monotonic time at which it stops to wait
     * @param failed hears of a refusal, or of a fault of ours
     */
    RecordCall(Room room, Attempt attempt, long deadlineNanos, Consumer<RuntimeException> failed) {
        this.room = room;
        this.attempt = attempt;
        this.deadlineNanos = deadlineNanos;
        this.failed = failed;
    }

    /** Makes the call. True if it waits now, false if it has ended. */
    boolean make() {
        MustWait wait;
        try {
            wait = attempt.make();
        } catch (RuntimeException e) {
            failed.accept(e);
            return false;
        }
        if (wait == null) {
            return false;
        }
        MarkWaiter parked = new MarkWaiter(wait, deadlineNanos, () -> room.workers.execute(this::make), failed::accept);
        synchronized (this) {
            if (cancelled) {
                return false;
            }
            waiter = parked;
        }
        room.loop.await(parked);
        return true;
    }

    /** The caller is gone. */
    synchronized void cancel() {
        cancelled = true;
        if (waiter != null) {
            waiter.cancel();
        }
    }

    /** Tells the engine; answers and gives null, or gives what has to be waited for. */
    @FunctionalInterface
    interface Attempt {
        @Nullable
        MustWait make();
    }

    /**
     * Where calls are made and parked.
     *
     * @param loop parks them
     * @param workers make them again
     */
    record Room(SadbLoop loop, Executor workers) {}
}
