// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Octets;

/**
 * A request that does not prove that it was made lately, as its policy wants it to. It is not released. The peer may make it
 * again with the Echo value (RFC 9175) that the answer gives him.
 *
 * @param coap the answer, protected: send it to where the request came from. It has the token of the request; type and Message
 *     ID are those of a piggybacked answer to a confirmable request, else NON and 0, to be set by who sends it
 */
public record Challenged(Octets coap) implements UnprotectOutcome {
    /** Never shows the message. */
    @Override
    public String toString() {
        return "Challenged[" + coap.length() + " octets]";
    }
}
