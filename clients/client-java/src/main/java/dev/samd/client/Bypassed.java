// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Octets;

/**
 * A message in clear that the policy lets pass: out as it is, or in as it came. Nobody vouches for one that came.
 *
 * @param coap the message, unchanged
 */
public record Bypassed(Octets coap) implements ProtectOutcome, UnprotectOutcome {
    /** Never shows the message. */
    @Override
    public String toString() {
        return "Bypassed[" + coap.length() + " octets]";
    }
}
