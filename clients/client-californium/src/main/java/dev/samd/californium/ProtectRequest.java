// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Endpoint;

/**
 * One CoAP message to protect.
 *
 * @param coap the message as on UDP (RFC 7252 s3), Message ID 0 and an empty Token: both are the business of the hop
 * @param local the endpoint of this host that the message comes from
 * @param defaultTarget where a request goes that names no target; {@link Endpoint#HOST_WIDE} for none
 * @param inReplyTo the reference that unprotecting the request gave; empty for a request
 * @param via the next hop towards the target, a hint for key management; {@link Endpoint#HOST_WIDE} for none
 */
// Octets handed over once, never compared or kept in a collection.
@SuppressWarnings("ArrayRecordComponent")
public record ProtectRequest(byte[] coap, Endpoint local, Endpoint defaultTarget, byte[] inReplyTo, Endpoint via) {}
