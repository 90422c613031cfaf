// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.sadb.Need;
import dev.samd.daemon.store.WaitingCall;
import dev.samd.sa.SaException;
import java.util.function.Consumer;

/** A call that waits for an SA. When it is cancelled, {@link SadbLoop#leave} comes next. */
public final class AcquireWaiter extends WaitingCall {
    /** Instead of a number of installations: no other look. */
    public static final long WAIT_IN_ANY_CASE = -1;

    private final Need need;
    private final long installationsSeen;

    /**
     * @param need what is needed
     * @param deadlineNanos as in {@link WaitingCall}
     * @param installationsSeen {@link SadbLoop#installations} before the call looked for an SA
     * @param resume as in {@link WaitingCall}
     * @param refuse as in {@link WaitingCall}
     */
    public AcquireWaiter(
            Need need, long deadlineNanos, long installationsSeen, Runnable resume, Consumer<SaException> refuse) {
        super(deadlineNanos, resume, refuse);
        this.need = need;
        this.installationsSeen = installationsSeen;
    }

    Need need() {
        return need;
    }

    long installationsSeen() {
        return installationsSeen;
    }
}
