// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.record.Sealer;
import dev.samd.sa.Past;
import dev.samd.sa.SecurityAssociation;
import org.jspecify.annotations.Nullable;

/** An outbound SA in use. */
final class OutboundSa extends InstalledSa {
    final Sealer sealer;
    /** Past a soft limit: chosen for a request only where nothing younger fits. */
    volatile boolean dying;
    /** Place in the order of installation. Set once, before anybody else sees the SA. */
    long installed;

    /** @param sa whose keys it takes over */
    OutboundSa(SecurityAssociation sa, @Nullable Pair pair, Past past, Installation how, EngineListener listener) {
        super(sa.id(), sa.parameters(), pair, how, listener);
        this.sealer = new Sealer(sa, past, how.mark(), this);
    }

    /** Whether it can seal. */
    boolean seals() {
        return !suspended && !sealer.isSpent();
    }
}
