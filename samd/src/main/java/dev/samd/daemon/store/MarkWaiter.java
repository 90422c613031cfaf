// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.engine.MustWait;
import dev.samd.sa.SaException;
import java.util.function.Consumer;

/** A call that waits for a mark. */
public final class MarkWaiter extends WaitingCall {
    private final MustWait ticket;

    /**
     * @param ticket what the engine asked for
     * @param deadlineNanos as in {@link WaitingCall}
     * @param resume as in {@link WaitingCall}
     * @param refuse as in {@link WaitingCall}
     */
    public MarkWaiter(MustWait ticket, long deadlineNanos, Runnable resume, Consumer<SaException> refuse) {
        super(deadlineNanos, resume, refuse);
        this.ticket = ticket;
    }

    MustWait ticket() {
        return ticket;
    }
}
