// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.util.EnumSet;
import java.util.Set;

/** The states of an SA (RFC 2367 s2.3.1). */
public enum SaState {
    /** An SPI is reserved, keys are not there yet. */
    LARVAL,
    /** In use. */
    MATURE,
    /** Past a soft limit: in use until a successor is there. */
    DYING,
    /** Past a hard limit, or deleted: never used again, its keys are zeroed. */
    DEAD;

    /** The states that may follow this one. */
    public Set<SaState> next() {
        return switch (this) {
            case LARVAL -> EnumSet.of(MATURE, DEAD);
            case MATURE -> EnumSet.of(DYING, DEAD);
            // Raising a soft limit above the usage brings an SA back.
            case DYING -> EnumSet.of(MATURE, DEAD);
            case DEAD -> EnumSet.noneOf(SaState.class);
        };
    }
}
