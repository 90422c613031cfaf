// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Endpoint;

/**
 * One protected CoAP message to unprotect.
 *
 * @param coap the message as on UDP, Message ID 0 and an empty Token
 * @param local the endpoint of this host that it arrived at
 * @param source the transport address it came from, {@code 192.0.2.1:5683}; never a name of a peer
 * @param inReplyTo the reference that protecting the request gave; empty for a request
 * @param peer for records without connection ID the peer of the exchange; {@link Endpoint#HOST_WIDE} for none
 */
// Octets handed over once, never compared or kept in a collection.
@SuppressWarnings("ArrayRecordComponent")
public record UnprotectRequest(byte[] coap, Endpoint local, String source, byte[] inReplyTo, Endpoint peer) {}
