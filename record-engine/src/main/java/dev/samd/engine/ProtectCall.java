// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;

/**
 * One CoAP message to protect.
 *
 * @param principal the local caller, as its transport authenticated it; references are good for it alone
 * @param coap the message as on UDP; not kept, not changed
 * @param local the endpoint it comes from, or {@link Endpoint#HOST_WIDE}; a reply then comes from where its request went
 * @param defaultTarget the target of a request that names none, or {@link Endpoint#HOST_WIDE} for none
 * @param inReplyTo a response: the reference that came with its request; empty for a request
 * @param rights what the caller may use
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record ProtectCall(
        String principal, byte[] coap, Endpoint local, Endpoint defaultTarget, byte[] inReplyTo, CallerRights rights) {
    /** A message of a caller who may use every SA. */
    public ProtectCall(String principal, byte[] coap, Endpoint local, Endpoint defaultTarget, byte[] inReplyTo) {
        this(principal, coap, local, defaultTarget, inReplyTo, CallerRights.ALL);
    }
}
