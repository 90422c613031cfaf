// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.Verb;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The place of one call among those of its caller that wait for SAs. Given back once, whoever comes first. Thread-safe. */
final class AcquirePlace {
    private final Caller caller;
    private final AtomicBoolean left = new AtomicBoolean();

    private AcquirePlace(Caller caller) {
        this.caller = caller;
    }

    /** @throws SaException {@link SaError#OVER_QUOTA} */
    static AcquirePlace take(Caller caller) {
        try {
            caller.use().beginAcquire(caller.quota());
        } catch (SaException e) {
            caller.watcher().overQuota(caller.rights().principal(), Verb.PROTECT.shortName(), e.subject());
            throw e;
        }
        return new AcquirePlace(caller);
    }

    void leave() {
        if (left.compareAndSet(false, true)) {
            caller.use().endAcquire();
        }
    }
}
