// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * Which requests a policy is for. The daemon reads the patterns, and refuses what is none.
 *
 * @param direction empty: both
 * @param local endpoint of this host, or {@link Endpoint#HOST_WIDE} for all
 * @param peer name of the peer, in which {@code *} stands for any characters; empty for all
 * @param methods names of methods, {@code GET}; empty for all
 * @param path segment by segment, percent-encoded: {@code /a/*}{@code /c} fits one segment at the star, <code>/a/**</code> fits
 *     {@code /a} and all below it; empty for all
 */
public record PolicySelector(
        Optional<Direction> direction, Endpoint local, String peer, List<String> methods, String path) {
    /** Fits every request. */
    public static final PolicySelector ANY =
            new PolicySelector(Optional.empty(), Endpoint.HOST_WIDE, "", List.of(), "");

    public PolicySelector {
        methods = List.copyOf(methods);
    }

    /** Fits requests that leave for peers of this pattern. */
    public static PolicySelector outbound(String peer) {
        return new PolicySelector(Optional.of(Direction.OUTBOUND), Endpoint.HOST_WIDE, peer, List.of(), "");
    }

    /** Fits requests that arrive for this path. */
    public static PolicySelector inbound(String path) {
        return new PolicySelector(Optional.of(Direction.INBOUND), Endpoint.HOST_WIDE, "", List.of(), path);
    }
}
