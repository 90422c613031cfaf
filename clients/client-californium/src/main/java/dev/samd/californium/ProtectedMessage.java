// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;

/**
 * A protected CoAP message.
 *
 * @param coap the message, ready for the hop but for Type, Message ID and Token
 * @param reference names the record: given back with the answer
 * @param sa the SA it was protected with
 * @param spi the name of that SA on the wire
 * @param peer the peer it was protected for
 * @param identity the authenticated identity of that peer
 */
// Octets handed over once, never compared or kept in a collection.
@SuppressWarnings("ArrayRecordComponent")
public record ProtectedMessage(byte[] coap, byte[] reference, SaId sa, Spi spi, Endpoint peer, Identity identity) {}
