// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Octets;

/**
 * What ties a call to the ACQUIRE that it answers.
 *
 * @param sequence number of the ACQUIRE, or 0 for a call that answers none
 * @param claim what the daemon gave to the KMP that accepted it
 */
public record AcquireTie(int sequence, Octets claim) {
    /** Answers no ACQUIRE. */
    public static final AcquireTie NONE = new AcquireTie(0, Octets.EMPTY);
}
