// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.sa.Octets;

/**
 * The claim on an ACQUIRE: goes into every call that answers it.
 *
 * @param sequence number of the ACQUIRE, or 0 for none
 * @param claim what the daemon gave
 */
public record AcquireClaim(int sequence, Octets claim) {
    /** Nobody asked. */
    public static final AcquireClaim NONE = new AcquireClaim(0, Octets.EMPTY);

    /** Whether this answers no ACQUIRE. */
    public boolean isNone() {
        return sequence == 0;
    }
}
