// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;

/**
 * Who asks for an installation, and in answer to what.
 *
 * @param principal the caller as the kernel of the host names it, {@code uid:1000}
 * @param requestId makes the request repeatable, 1..64 octets; empty for one that is not repeated
 * @param acquireSequence the ACQUIRE it answers, 0 for everything unasked
 * @param claim what the daemon gave to the KMP that accepted that ACQUIRE; empty for everything unasked
 */
public record Origin(String principal, Octets requestId, long acquireSequence, Octets claim) {
    private static final int MAX_REQUEST_ID = 64;

    public Origin {
        if (requestId.length() > MAX_REQUEST_ID) {
            throw new SaException(
                    SaError.MALFORMED,
                    requestId.toHex(),
                    "request id of " + requestId.length() + " octets; at most " + MAX_REQUEST_ID + " expected");
        }
    }

    /** Somebody who asks on his own account, once. */
    public static Origin of(String principal) {
        return new Origin(principal, Octets.EMPTY, 0, Octets.EMPTY);
    }

    boolean isAsked() {
        return acquireSequence != 0;
    }

    /** Claims stay out of logs, though they are no keys: they let their holder install. */
    @Override
    public String toString() {
        return principal + " request=" + requestId + " acquire=" + acquireSequence;
    }
}
