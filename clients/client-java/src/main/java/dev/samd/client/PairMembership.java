// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaId;
import java.util.Optional;

/**
 * The place of an SA in a pair.
 *
 * @param pair the pair, or {@link PairId#NONE}
 * @param name the name under which the SA was added to it, or the empty string
 * @param partner the other SA of the pair, if it is there
 * @param supersedes the pair that the pair replaces, or {@link PairId#NONE}
 * @param role which side of a negotiation made the pair; empty where nobody negotiated it
 */
public record PairMembership(
        PairId pair, String name, Optional<SaId> partner, PairId supersedes, Optional<PairRole> role) {
    /** A place in a pair that nobody negotiated. */
    public PairMembership(PairId pair, String name, Optional<SaId> partner, PairId supersedes) {
        this(pair, name, partner, supersedes, Optional.empty());
    }
}
