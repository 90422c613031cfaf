// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.sa.SaException;
import java.util.function.Consumer;

/** A call that waits. Ends once: resumed, refused, or forgotten by the caller's cancellation. */
public abstract class WaitingCall {
    private final long deadlineNanos;
    private final Runnable resume;
    private final Consumer<SaException> refuse;
    private volatile boolean cancelled;

    /**
     * @param deadlineNanos monotonic time at which the call gives up
     * @param resume makes the same call again; runs on the loop, so it hands over at once
     * @param refuse ends the call
     */
    protected WaitingCall(long deadlineNanos, Runnable resume, Consumer<SaException> refuse) {
        this.deadlineNanos = deadlineNanos;
        this.resume = resume;
        this.refuse = refuse;
    }

    /** The caller is gone: neither end is called any more. Any thread. */
    public final void cancel() {
        cancelled = true;
    }

    /** Whether the caller is gone. */
    public final boolean isCancelled() {
        return cancelled;
    }

    /** Monotonic time at which the call gives up. */
    public final long deadlineNanos() {
        return deadlineNanos;
    }

    /** What it waited for is there, or may be. */
    public final void resume() {
        if (!cancelled) {
            resume.run();
        }
    }

    /** What it waited for does not come. */
    public final void refuse(SaException e) {
        if (!cancelled) {
            refuse.accept(e);
        }
    }
}
