// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;

/**
 * One CoAP message to unprotect.
 *
 * @param principal the local caller, as its transport authenticated it
 * @param coap the message as on UDP; not kept, not changed
 * @param local the endpoint it arrived at, or {@link Endpoint#HOST_WIDE}
 * @param source the transport address it came from; bounds what strangers can cost, names nobody
 * @param inReplyTo a response: the reference that came with its request; empty for a request
 * @param peer for records without connection ID: whom the exchange is with, unless {@code inReplyTo} tells; else {@link Endpoint#HOST_WIDE}
 * @param rights what the caller may use
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record UnprotectCall(
        String principal,
        byte[] coap,
        Endpoint local,
        String source,
        byte[] inReplyTo,
        Endpoint peer,
        CallerRights rights) {
    /** A message for a caller who may use every SA. */
    public UnprotectCall(
            String principal, byte[] coap, Endpoint local, String source, byte[] inReplyTo, Endpoint peer) {
        this(principal, coap, local, source, inReplyTo, peer, CallerRights.ALL);
    }
}
