// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.kmp.Need;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** A device and its server. */
final class LessParties {
    static final Endpoint SERVER = Endpoint.parse("coap://server.example");
    static final String Y = "000102030405060708090a0b0c0d0e0f";
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    static final CipherSuite SUITE = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;

    private LessParties() {}

    static Octets text(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    static KeyMaterial key(String hex) {
        return KeyMaterial.adopt(HexFormat.of().parseHex(hex));
    }

    static LessSettings.Client client(String device, String y) {
        return new LessSettings.Client(SERVER, text(device), key(y), "server-1");
    }

    static LessSettings.Server server(boolean unique, boolean hide) {
        return new LessSettings.Server(
                Map.of(text("dev-0001"), key(Y)),
                List.of(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256, SUITE),
                LessSettings.lifetime(Duration.ofHours(24)),
                unique,
                hide,
                Duration.ofSeconds(30));
    }

    static LessKmp device(String id, String y, RandomGenerator random) {
        return new LessKmp(new LessSettings(Optional.empty(), List.of(client(id, y))), random);
    }

    static LessKmp host(RandomGenerator random) {
        return new LessKmp(new LessSettings(Optional.of(server(true, true)), List.of()), random);
    }

    static Need need(int sequence, Content content, Form form) {
        return new Need(
                sequence,
                Endpoint.parse("coap://device"),
                SERVER,
                Optional.empty(),
                content,
                form,
                List.of(SUITE),
                List.of(new IdentityPattern("less", Optional.empty(), "", "server-*")),
                PairId.NONE,
                Lifetime.UNLIMITED,
                128,
                0);
    }

    static Need need() {
        return need(11, Content.MESSAGE, Form.SAMD);
    }

    static Parties parties(long seed) {
        return new Parties(device("dev-0001", Y, new Random(seed)), host(new Random(-seed)), need(), NOW);
    }
}
