// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;

/**
 * A CoAP message that may leave, protected.
 *
 * @param coap the protected message
 * @param reference names the record: give it with the response. Opaque, valid for this principal only
 * @param sa the SA that protects it
 * @param spi its SPI
 * @param peer whom it is protected for
 * @param identity whom the SA authenticates
 */
public record ProtectedMessage(Octets coap, Octets reference, SaId sa, Spi spi, Endpoint peer, Identity identity)
        implements ProtectOutcome {
    /** Never shows the message. */
    @Override
    public String toString() {
        return "ProtectedMessage[" + coap.length() + " octets, sa " + sa + ", spi " + spi + ", peer " + peer + "]";
    }
}
