// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.time.Duration;

/**
 * A CoAP message to protect.
 *
 * @param coap one message as on UDP, at most 65 535 octets; type, Message ID and token are kept
 * @param local the endpoint that it comes from, or {@link Endpoint#HOST_WIDE}
 * @param defaultTarget where a request goes that names no target itself, or {@link Endpoint#HOST_WIDE}
 * @param inReplyTo for a response: the reference of its request; empty for a request
 * @param via the next hop towards the target, or the empty string
 * @param patience how long the call may wait inside the daemon; zero stands for the daemon's default
 */
public record ProtectRequest(
        Octets coap, Endpoint local, Endpoint defaultTarget, Octets inReplyTo, String via, Duration patience) {
    /** A request that names its target, from anywhere on this host. */
    public static ProtectRequest of(Octets coap) {
        return new ProtectRequest(coap, Endpoint.HOST_WIDE, Endpoint.HOST_WIDE, Octets.EMPTY, "", Duration.ZERO);
    }

    /** The same message from an endpoint. */
    public ProtectRequest withLocal(Endpoint endpoint) {
        return new ProtectRequest(coap, endpoint, defaultTarget, inReplyTo, via, patience);
    }

    /** The same message, going to an endpoint unless it names another. */
    public ProtectRequest withDefaultTarget(Endpoint endpoint) {
        return new ProtectRequest(coap, local, endpoint, inReplyTo, via, patience);
    }

    /** The same message as a response. */
    public ProtectRequest withInReplyTo(Octets reference) {
        return new ProtectRequest(coap, local, defaultTarget, reference, via, patience);
    }

    /** The same message over a next hop. */
    public ProtectRequest withVia(String nextHop) {
        return new ProtectRequest(coap, local, defaultTarget, inReplyTo, nextHop, patience);
    }

    /** The same message with another patience. */
    public ProtectRequest withPatience(Duration time) {
        return new ProtectRequest(coap, local, defaultTarget, inReplyTo, via, time);
    }

    /** Never shows the message. */
    @Override
    public String toString() {
        return "ProtectRequest[" + coap.length() + " octets, local=" + local + ", target=" + defaultTarget + "]";
    }
}
