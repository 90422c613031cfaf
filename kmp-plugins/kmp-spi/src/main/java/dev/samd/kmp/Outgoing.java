// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.util.Map;
import java.util.Optional;

/**
 * A CoAP request that a KMP sends: a confirmable POST.
 *
 * @param to the endpoint that is to answer; "coaps" for one that the host has a DTLS credential for
 * @param via the proxy that takes it there
 * @param path path of the resource, "/authz-info"
 * @param contentFormat its Content-Format
 * @param accept the Content-Format of the answer, or {@link Incoming#NO_FORMAT}
 * @param payload the payload
 * @param options further options, by their numbers
 * @param protectedAs the local endpoint whose SA to {@code to} protects the request; empty: it goes in clear
 */
public record Outgoing(
        Endpoint to,
        Optional<Endpoint> via,
        String path,
        int contentFormat,
        int accept,
        Octets payload,
        Map<Integer, Octets> options,
        Optional<Endpoint> protectedAs) {
    public Outgoing {
        options = Map.copyOf(options);
    }

    /** A request without options of its own. */
    public Outgoing(
            Endpoint to,
            Optional<Endpoint> via,
            String path,
            int contentFormat,
            int accept,
            Octets payload,
            Optional<Endpoint> protectedAs) {
        this(to, via, path, contentFormat, accept, payload, Map.of(), protectedAs);
    }
}
