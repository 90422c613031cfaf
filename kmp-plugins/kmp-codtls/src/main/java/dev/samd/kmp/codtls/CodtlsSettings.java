// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Lifetime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the KMP is told by its section.
 *
 * @param server how this host serves; empty for one that does not
 * @param peers the servers that this host can begin with
 * @param keys where the keys of the SAs come from
 * @param resumption how long after its full handshake a session can be resumed; zero for never
 */
record CodtlsSettings(Optional<Server> server, List<Peer> peers, KeySource keys, Duration resumption) {
    CodtlsSettings {
        peers = List.copyOf(peers);
    }

    /** Where the keys of the SAs come from. */
    enum KeySource {
        /** From the exporter of the handshake, by SA-KDF. */
        EXPORTER,
        /** The keys of the handshake themselves: nothing but the record layer changes hands. */
        KEY_BLOCK
    }

    /**
     * A server.
     *
     * @param name whom it has to be
     */
    record Peer(Endpoint target, Credentials credentials, String name) {}

    /**
     * @param credentials of this host
     * @param suites that it takes
     * @param lifetime of the pairs
     * @param unique whether an identity has one pair, so that its new one replaces the one before
     */
    record Server(Credentials credentials, List<CipherSuite> suites, Lifetime lifetime, boolean unique) {
        /** How long a half-open handshake is kept. */
        static final Duration HALF_OPEN = Duration.ofSeconds(60);

        Server {
            suites = List.copyOf(suites);
        }
    }
}
