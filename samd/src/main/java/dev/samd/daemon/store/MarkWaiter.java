// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.engine.MustWait;
import dev.samd.sa.SaException;
import java.util.function.Consumer;

/**
 * A call that waits for a mark. Ends once: resumed, refused, or forgotten by the caller's cancellation.
 */
public final class MarkWaiter {
    private final MustWait ticket;
    private final long deadlineNanos;
    private final Runnable resume;
    private final Consumer<SaException> refuse;
    private volatile boolean cancelled;

    /**
     * @param ticket what the engine asked for
     * @param deadlineNanos monotonic time at which the call gives up
     * @param resume makes the same call again; runs on the loop, so it hands over at once
     * @param refuse ends the call
     */
    public MarkWaiter(MustWait ticket, long deadlineNanos, Runnable resume, Consumer<SaException> refuse) {
        this.ticket = ticket;
        this.deadlineNanos = deadlineNanos;
        this.resume = resume;
        this.refuse = refuse;
    }

    /** The caller is gone: neither end is called any more. Any thread. */
    public void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    MustWait ticket() {
        return ticket;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    void resume() {
        if (!cancelled) {
            resume.run();
        }
    }

    void refuse(SaException e) {
        if (!cancelled) {
            refuse.accept(e);
        }
    }
}
