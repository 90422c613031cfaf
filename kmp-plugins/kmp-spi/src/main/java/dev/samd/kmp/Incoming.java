// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.util.Map;
import java.util.Optional;

/**
 * A CoAP request to a resource of a KMP.
 *
 * @param path one of {@link Kmp#resources}, or below it
 * @param code code of the request, 2 for POST
 * @param contentFormat its Content-Format, or {@link #NO_FORMAT}
 * @param payload after block-wise reassembly
 * @param source the transport address it came from, "192.0.2.1:5683", as the one who received it says; names nobody
 * @param local the endpoint of this host that it arrived at
 * @param options those of {@link Kmp#options} that it carries, by their numbers
 * @param under the pair that protected it, as the daemon says; empty for a request in clear
 */
public record Incoming(
        String path,
        int code,
        int contentFormat,
        Octets payload,
        String source,
        Endpoint local,
        Map<Integer, Octets> options,
        Optional<InstalledPair> under) {
    /** No Content-Format was given. */
    public static final int NO_FORMAT = -1;

    public Incoming {
        options = Map.copyOf(options);
    }

    /** A request without options of its own. */
    public Incoming(
            String path,
            int code,
            int contentFormat,
            Octets payload,
            String source,
            Endpoint local,
            Optional<InstalledPair> under) {
        this(path, code, contentFormat, payload, source, local, Map.of(), under);
    }

    /** The same request, protected by a pair. */
    public Incoming withUnder(InstalledPair pair) {
        return new Incoming(path, code, contentFormat, payload, source, local, options, Optional.of(pair));
    }
}
