// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;

/**
 * Who asks for an installation, and in answer to what.
 *
 * @param caller who asks
 * @param requestId makes the request repeatable, 1..64 octets; empty for one that is not repeated
 * @param acquireSequence the ACQUIRE it answers, 0 for everything unasked
 * @param claim what the daemon gave to the KMP that accepted that ACQUIRE; empty for everything unasked
 */
public record Origin(SadbCaller caller, Octets requestId, long acquireSequence, Octets claim) {
    private static final int MAX_REQUEST_ID = 64;

    public Origin {
        if (requestId.length() > MAX_REQUEST_ID) {
            throw new SaException(
                    SaError.MALFORMED,
                    requestId.toHex(),
                    "request id of " + requestId.length() + " octets; at most " + MAX_REQUEST_ID + " expected");
        }
    }

    /** Somebody who sees everything. */
    public Origin(String principal, Octets requestId, long acquireSequence, Octets claim) {
        this(SadbCaller.of(principal), requestId, acquireSequence, claim);
    }

    /** Somebody who sees everything, and asks on his own account, once. */
    public static Origin of(String principal) {
        return new Origin(principal, Octets.EMPTY, 0, Octets.EMPTY);
    }

    /** The name of the caller, {@code uid:1000}. */
    public String principal() {
        return caller.principal();
    }

    boolean isAsked() {
        return acquireSequence != 0;
    }

    /** Claims stay out of logs, though they are no keys: they let their holder install. */
    @Override
    public String toString() {
        return principal() + " request=" + requestId + " acquire=" + acquireSequence;
    }
}
