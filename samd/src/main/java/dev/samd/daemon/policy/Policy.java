// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

import dev.samd.sa.Direction;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.Optional;

/**
 * One line of the list: which requests, and what is wanted for them.
 *
 * @param selector which requests
 * @param entry what is wanted
 */
public record Policy(PolicySelector selector, PolicyEntry entry) {
    /** @throws SaException {@link SaError#MALFORMED} for freshness of anything but requests that arrive */
    public Policy {
        if (!entry.fresh().isZero() && !selector.direction().equals(Optional.of(Direction.INBOUND))) {
            throw new SaException(
                    SaError.MALFORMED,
                    entry.name(),
                    "policy \"" + entry.name() + "\" says fresh, which is for direction inbound alone");
        }
    }

    /** Its name, unique in the list. */
    public String name() {
        return entry.name();
    }
}
