// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;

/**
 * Which SAs a local caller may use. An SA that it may not use is to it as if it did not exist: the answer is that for an
 * unknown SA, and nothing is counted on the SA.
 *
 * <p>Called on the threads that protect and unprotect: answers at once.
 */
@FunctionalInterface
public interface CallerRights {
    /** May use every SA. */
    CallerRights ALL = (direction, local) -> true;

    /**
     * Whether the caller may use the SAs of a local endpoint.
     *
     * @param direction OUTBOUND to protect and seal, INBOUND to unprotect and open
     * @param local the local endpoint of the SA, {@link Endpoint#HOST_WIDE} for one that serves all
     */
    boolean mayUse(Direction direction, Endpoint local);
}
