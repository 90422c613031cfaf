// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.record.Sealer;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An outbound SA in use. */
final class OutboundSa {
    final SaId id;
    final SaParameters parameters;
    final @Nullable Pair pair;
    volatile Set<Endpoint> scope;
    final Sealer sealer;
    /** Its numbers may have gone back: it is listed, and not used. */
    final boolean suspended;
    /** Past a soft limit: chosen for a request only where nothing younger fits. */
    volatile boolean dying;
    /** Place in the order of installation. Set once, before anybody else sees the SA. */
    long installed;

    OutboundSa(
            SaId id,
            SaParameters parameters,
            @Nullable Pair pair,
            Set<Endpoint> scope,
            Sealer sealer,
            boolean suspended) {
        this.id = id;
        this.parameters = parameters;
        this.pair = pair;
        this.scope = scope;
        this.sealer = sealer;
        this.suspended = suspended;
    }

    /** Whether it can seal. */
    boolean seals() {
        return !suspended && !sealer.isSpent();
    }
}
