// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.time.Duration;

/**
 * A protected CoAP message that arrived.
 *
 * @param coap one message as on UDP
 * @param local the endpoint that it arrived at, or {@link Endpoint#HOST_WIDE}
 * @param source the transport address it came from, {@code 192.0.2.1:5683}, or the empty string
 * @param inReplyTo for a response: the reference of its request; empty for a request
 * @param peer for records without connection ID: the peer of the exchange; else {@link Endpoint#HOST_WIDE}
 * @param patience how long the call may wait inside the daemon; zero stands for the daemon's default
 */
public record UnprotectRequest(
        Octets coap, Endpoint local, String source, Octets inReplyTo, Endpoint peer, Duration patience) {
    /** A request that arrived anywhere on this host. */
    public static UnprotectRequest of(Octets coap) {
        return new UnprotectRequest(coap, Endpoint.HOST_WIDE, "", Octets.EMPTY, Endpoint.HOST_WIDE, Duration.ZERO);
    }

    /** The same message, arrived at an endpoint. */
    public UnprotectRequest withLocal(Endpoint endpoint) {
        return new UnprotectRequest(coap, endpoint, source, inReplyTo, peer, patience);
    }

    /** The same message from a transport address. */
    public UnprotectRequest withSource(String address) {
        return new UnprotectRequest(coap, local, address, inReplyTo, peer, patience);
    }

    /** The same message as a response. */
    public UnprotectRequest withInReplyTo(Octets reference) {
        return new UnprotectRequest(coap, local, source, reference, peer, patience);
    }

    /** The same message of a peer. */
    public UnprotectRequest withPeer(Endpoint endpoint) {
        return new UnprotectRequest(coap, local, source, inReplyTo, endpoint, patience);
    }

    /** The same message with another patience. */
    public UnprotectRequest withPatience(Duration time) {
        return new UnprotectRequest(coap, local, source, inReplyTo, peer, time);
    }

    /** Shows the length of the message alone. */
    @Override
    public String toString() {
        return "UnprotectRequest[" + coap.length() + " octets, local=" + local + ", source=" + source + "]";
    }
}
