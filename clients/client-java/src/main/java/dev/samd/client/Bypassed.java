// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Octets;

/**
 * A message in clear that the policy lets pass. Nobody vouches for it.
 *
 * @param coap the message as it came
 */
public record Bypassed(Octets coap) implements UnprotectOutcome {
    /** Never shows the message. */
    @Override
    public String toString() {
        return "Bypassed[" + coap.length() + " octets]";
    }
}
