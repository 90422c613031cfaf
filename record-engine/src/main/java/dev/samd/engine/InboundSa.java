// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.record.Opener;
import dev.samd.sa.Past;
import dev.samd.sa.SecurityAssociation;
import org.jspecify.annotations.Nullable;

/** An inbound SA in use. */
final class InboundSa extends InstalledSa {
    final Opener opener;

    /** @param sa whose keys it takes over */
    InboundSa(SecurityAssociation sa, @Nullable Pair pair, Past past, Installation how, EngineListener listener) {
        super(sa.id(), sa.parameters(), pair, how, listener);
        this.opener = new Opener(sa, past, how.mark(), this);
    }

    /** A good record came: the peer holds the keys. */
    void proven(EngineListener listener) {
        Pair own = pair;
        if (own != null && !own.isConfirmed() && own.confirm()) {
            listener.confirmed(id);
        }
    }

    /** Position of the SA's pair in its chain of pairs. */
    int chainPosition() {
        return pair == null ? 0 : pair.position;
    }
}
