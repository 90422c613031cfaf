// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.record.Opener;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An inbound SA in use. */
final class InboundSa {
    final SaId id;
    final SaParameters parameters;
    final @Nullable Pair pair;
    volatile Set<Endpoint> scope;
    final Opener opener;
    /** Its numbers may have gone back: it is listed, and not used. */
    final boolean suspended;

    InboundSa(
            SaId id,
            SaParameters parameters,
            @Nullable Pair pair,
            Set<Endpoint> scope,
            Opener opener,
            boolean suspended) {
        this.id = id;
        this.parameters = parameters;
        this.pair = pair;
        this.scope = scope;
        this.opener = opener;
        this.suspended = suspended;
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
