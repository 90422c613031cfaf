// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.sadb.Need;
import dev.samd.sa.SaException;
import java.util.function.Consumer;

/** A call that waits for an SA. Ends once: resumed, refused, or forgotten by the caller's cancellation. */
public final class AcquireWaiter {
    /** Instead of a number of installations: no other look. */
    public static final long WAIT_IN_ANY_CASE = -1;

    private final Need need;
    private final long deadlineNanos;
    private final long installationsSeen;
    private final Runnable resume;
    private final Consumer<SaException> refuse;
    private volatile boolean cancelled;

    /**
     * @param need what is needed
     * @param deadlineNanos monotonic time at which the call gives up
     * @param installationsSeen {@link SadbLoop#installations} before the call looked for an SA
     * @param resume makes the same call again; runs on the loop, so it hands over at once
     * @param refuse ends the call
     */
    public AcquireWaiter(
            Need need, long deadlineNanos, long installationsSeen, Runnable resume, Consumer<SaException> refuse) {
        this.need = need;
        this.deadlineNanos = deadlineNanos;
        this.installationsSeen = installationsSeen;
        this.resume = resume;
        this.refuse = refuse;
    }

    /** The caller is gone: neither end is called any more. Any thread; {@link SadbLoop#leave} comes next. */
    public void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    Need need() {
        return need;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    long installationsSeen() {
        return installationsSeen;
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
