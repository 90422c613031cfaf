// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import org.jspecify.annotations.Nullable;

/** A pair, all that superseded it, and all that superseded those: in the end one of them stands. */
final class Lineage {
    private @Nullable Pair standing;

    /** The confirmed pair that none has taken the place of; null while there is none. */
    @Nullable
    Pair standing() {
        return standing != null && standing.isAlive() && !standing.isReplaced() ? standing : null;
    }

    void stands(Pair pair) {
        standing = pair;
    }
}
