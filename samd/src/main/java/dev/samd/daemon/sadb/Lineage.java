// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.PairId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pair, all that superseded it, and all that superseded those: of those of which it is known who began them, one stands in the
 * end. Confined to its database's thread.
 */
final class Lineage {
    private final Set<Pair> standing = new HashSet<>();
    private final PairId root;
    private @Nullable Pair contender;

    /** @param root the pair that it comes from */
    Lineage(PairId root) {
        this.root = root;
    }

    /** The pair that it comes from. */
    PairId root() {
        return root;
    }

    /** Whether there is a confirmed pair that none has taken the place of. */
    boolean stands() {
        return !standing.isEmpty();
    }

    /** The one of those that stand that gives way to a better one; null while there is none. */
    @Nullable
    Pair contender() {
        return contender;
    }

    /** A confirmed pair stands from now on. */
    void add(Pair pair) {
        standing.add(pair);
        if (pair.isContender()) {
            contender = pair;
        }
    }

    /** A pair has ended, or another one has taken its place. */
    void remove(Pair pair) {
        standing.remove(pair);
        if (contender == pair) {
            contender = null;
        }
    }
}
