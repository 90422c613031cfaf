// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.PairId;
import org.jspecify.annotations.Nullable;

/**
 * Two SAs of one negotiation, and its place in the chain of pairs that replaced one another.
 *
 * <p>A pair without SAs stays while a successor lives: an observation that began under it goes on under the successor.
 * Changed by the SADB side alone, read by any thread.
 */
final class Pair {
    final PairId id;
    /** Position in the chain, 0 for a pair that replaced none. */
    final int position;

    final @Nullable Pair supersedes;
    volatile @Nullable Pair successor;
    volatile @Nullable InboundSa inbound;
    volatile @Nullable OutboundSa outbound;

    Pair(PairId id, @Nullable Pair supersedes) {
        this.id = id;
        this.supersedes = supersedes;
        this.position = supersedes == null ? 0 : supersedes.position + 1;
    }

    /** Whether this pair replaced {@code other}, directly or through a chain. */
    boolean supersedes(Pair other) {
        for (Pair earlier = supersedes; earlier != null; earlier = earlier.supersedes) {
            if (earlier == other) {
                return true;
            }
        }
        return false;
    }

    boolean isAbandoned() {
        return inbound == null && outbound == null && successor == null;
    }
}
