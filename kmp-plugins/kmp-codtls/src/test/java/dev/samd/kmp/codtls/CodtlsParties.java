// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.Need;
import dev.samd.kmp.testkit.Joined;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Clients and servers as their configurations make them. */
final class CodtlsParties {
    static final Endpoint SERVER = Endpoint.parse("coap://server.example");
    static final Instant NOW = Instant.parse("2027-01-01T12:00:00Z");

    private CodtlsParties() {}

    static Kmp kmp(Path directory, Map<String, Object> section, long seed) {
        return CodtlsProvider.create(
                new KmpSetup(section, directory, new Random(seed)), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    static Map<String, Object> client(Map<String, Object> peer) {
        return Map.of("client", Map.of("peers", List.of(peer)));
    }

    static Map<String, Object> pskClient(String identity, String key) {
        return client(Map.of("target", SERVER.uri(), "server", "server-1", "psk_identity", identity, "psk", "@" + key));
    }

    static Map<String, Object> pskServer(String... identities) {
        return Map.of(
                "server",
                Map.of(
                        "psk",
                        List.of(identities).stream()
                                .map(identity -> Map.of("identity", identity, "key", "@dev.key"))
                                .toList()));
    }

    static Need need(CipherSuite... suites) {
        return new Need(
                11,
                Endpoint.parse("coap://device"),
                SERVER,
                Optional.empty(),
                Content.MESSAGE,
                Form.SAMD,
                List.of(suites),
                List.of(new IdentityPattern("codtls", Optional.empty(), "", "")),
                PairId.NONE,
                Lifetime.UNLIMITED,
                128,
                0);
    }

    static Parties parties(Kmp client, Kmp server, CipherSuite... suites) {
        return new Parties(client, server, need(suites), NOW);
    }

    /** A section with one more key. */
    static Map<String, Object> with(Map<String, Object> section, String key, Object value) {
        Map<String, Object> changed = new HashMap<>(section);
        changed.put(key, value);
        return changed;
    }

    /**
     * Two hosts that authenticate each other in one of the ways that there are, joined.
     *
     * @param kind psk, ecdhe-psk, certificates or raw-public-keys; with the keys of the handshake itself for SAs if it ends in -key-block
     * @param directory where dev.key lies
     */
    static Joined joined(String kind, Path directory) {
        String keys = kind.endsWith("-key-block") ? "key-block" : "exporter";
        return switch (kind.replace("-key-block", "")) {
            case "psk" ->
                joined(
                        kmp(directory, with(pskClient("dev-1", "dev.key"), "keys", keys), 1),
                        kmp(directory, with(pskServer("dev-1"), "keys", keys), 2),
                        CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);
            case "ecdhe-psk" ->
                joined(
                        kmp(directory, with(pskClient("dev-1", "dev.key"), "keys", keys), 1),
                        kmp(directory, with(pskServer("dev-1"), "keys", keys), 2),
                        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
            case "certificates" ->
                joined(
                        kmp(Pki.DIRECTORY, with(Pki.client("device"), "keys", keys), 1),
                        kmp(Pki.DIRECTORY, with(Pki.server("server"), "keys", keys), 2),
                        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8);
            case "raw-public-keys" ->
                joined(
                        kmp(Pki.DIRECTORY, client(with(Pki.raw("device", "server"), "target", SERVER.uri())), 1),
                        kmp(Pki.DIRECTORY, Map.of("server", Pki.raw("server", "device")), 2),
                        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Joined joined(Kmp client, Kmp server, CipherSuite suite) {
        return new Joined(parties(client, server, suite), 1);
    }
}
