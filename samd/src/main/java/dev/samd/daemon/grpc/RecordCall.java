// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.AcquireWaiter;
import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.sadb.Need;
import dev.samd.daemon.store.MarkWaiter;
import dev.samd.engine.MustWait;
import dev.samd.engine.NoUsableSaException;
import dev.samd.sa.SaException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the data path: made at once; parked where numbers have run out or an SA is missing, and made again
 * when there is more.
 *
 * <p>Made by one thread at a time: the event loop first, a worker after each wait. Only {@link #cancel} comes from
 * elsewhere.
 */
final class RecordCall {
    /** So many times a call looks for an SA that came while it looked before; then it waits. */
    private static final int MOST_LOOKS = 3;

    private final Room room;
    private final Caller caller;
    private final Attempt attempt;
    private final long deadlineNanos;
    private final String via;
    private final Consumer<RuntimeException> failed;
    private @Nullable Runnable cancelWait;
    private boolean cancelled;
    private int looks;

    /**
     * @param room where the call is made and parked
     * @param caller whose call it is
     * @param attempt the call
     * @param deadlineNanos monotonic time at which it stops to wait
     * @param via the next hop, for the KMP that may have to reach the peer; may be empty
     * @param failed hears of a refusal, or of a fault of ours
     */
    RecordCall(
            Room room,
            Caller caller,
            Attempt attempt,
            long deadlineNanos,
            String via,
            Consumer<RuntimeException> failed) {
        this.room = room;
        this.caller = caller;
        this.attempt = attempt;
        this.deadlineNanos = deadlineNanos;
        this.via = via;
        this.failed = failed;
    }

    /** Makes the call. True if it waits now, false if it has ended. */
    boolean make() {
        long installations = room.loop.installations();
        MustWait wait;
        try {
            wait = attempt.make();
        } catch (NoUsableSaException e) {
            return awaitSa(e, installations);
        } catch (RuntimeException e) {
            failed.accept(e);
            return false;
        }
        return wait != null && awaitMark(wait);
    }

    private boolean awaitMark(MustWait wait) {
        MarkWaiter parked = new MarkWaiter(wait, deadlineNanos, this::makeAgain, failed::accept);
        if (!mayWait(parked::cancel)) {
            return false;
        }
        room.loop.await(parked);
        return true;
    }

    /** Waits for an SA where the policy names KMPs that can make one. */
    private boolean awaitSa(NoUsableSaException none, long installations) {
        if (!(none.rule() instanceof PolicyEntry entry) || entry.askable().isEmpty()) {
            failed.accept(none);
            return false;
        }
        long seen = ++looks <= MOST_LOOKS ? installations : AcquireWaiter.WAIT_IN_ANY_CASE;
        Need need = Need.of(entry, none.local(), none.target(), via);
        AcquirePlace place;
        try {
            place = AcquirePlace.take(caller);
        } catch (SaException e) {
            failed.accept(e);
            return false;
        }
        AcquireWaiter parked = new AcquireWaiter(
                need,
                deadlineNanos,
                seen,
                () -> {
                    place.leave();
                    makeAgain();
                },
                refusal -> {
                    place.leave();
                    failed.accept(refusal);
                });
        if (!mayWait(() -> {
            parked.cancel();
            room.loop.leave(parked);
            place.leave();
        })) {
            place.leave();
            return false;
        }
        room.loop.await(parked);
        return true;
    }

    private void makeAgain() {
        room.workers.execute(this::make);
    }

    private synchronized boolean mayWait(Runnable cancel) {
        cancelWait = cancel;
        return !cancelled;
    }

    /** The caller is gone. */
    synchronized void cancel() {
        cancelled = true;
        if (cancelWait != null) {
            cancelWait.run();
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
