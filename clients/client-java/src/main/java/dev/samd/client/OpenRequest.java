// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.time.Duration;

/**
 * A record of an inbound SA of content RAW.
 *
 * @param record one record
 * @param local the endpoint that it arrived at, or {@link Endpoint#HOST_WIDE}
 * @param source the transport address it came from, {@code 192.0.2.1:5683}, or the empty string
 * @param peer for records without connection ID: the peer; else {@link Endpoint#HOST_WIDE}
 * @param patience how long the call may wait inside the daemon; zero stands for the daemon's default
 */
public record OpenRequest(Octets record, Endpoint local, String source, Endpoint peer, Duration patience) {
    /** A record that arrived anywhere on this host. */
    public static OpenRequest of(Octets record) {
        return new OpenRequest(record, Endpoint.HOST_WIDE, "", Endpoint.HOST_WIDE, Duration.ZERO);
    }

    /** The same record, arrived at an endpoint. */
    public OpenRequest withLocal(Endpoint endpoint) {
        return new OpenRequest(record, endpoint, source, peer, patience);
    }

    /** The same record of a peer. */
    public OpenRequest withPeer(Endpoint endpoint) {
        return new OpenRequest(record, local, source, endpoint, patience);
    }

    /** Shows the length of the record alone. */
    @Override
    public String toString() {
        return "OpenRequest[" + record.length() + " octets, local=" + local + ", source=" + source + "]";
    }
}
