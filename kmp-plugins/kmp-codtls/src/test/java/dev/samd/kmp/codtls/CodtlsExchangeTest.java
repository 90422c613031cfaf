// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.kmp.testkit.Joined;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.History;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Handshakes of every kind, good ones and bad ones, through the driver and on a network moved by hand. */
class CodtlsExchangeTest {
    private static final CipherSuite PSK = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
    private static final CipherSuite ECDSA = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8;

    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("dev.key"), "000102030405060708090a0b0c0d0e0f");
        Files.writeString(directory.resolve("wrong.key"), "ff0102030405060708090a0b0c0d0e0f");
    }

    private Joined psk(String identity, String key, CipherSuite... suites) {
        return new Joined(
                CodtlsParties.parties(
                        CodtlsParties.kmp(directory, CodtlsParties.pskClient(identity, key), 1),
                        CodtlsParties.kmp(directory, CodtlsParties.pskServer("dev-1"), 2),
                        suites),
                1);
    }

    private static Joined certificates(Map<String, Object> client, Map<String, Object> server) {
        return new Joined(
                CodtlsParties.parties(
                        CodtlsParties.kmp(Pki.DIRECTORY, client, 1),
                        CodtlsParties.kmp(Pki.DIRECTORY, server, 2),
                        ECDSA),
                1);
    }

    private static Joined ran(Joined joined) {
        joined.acquire();
        joined.clock.run(Joined.ALL);
        return joined;
    }

    private static Installed good(Joined joined) {
        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        Installed mine = joined.initiatorKeys.pairs().get(0);
        Installed other = joined.partnerOf(mine).orElseThrow();
        assertThat(other.inboundKey()).isEqualTo(mine.outboundKey());
        assertThat(other.outboundKey()).isEqualTo(mine.inboundKey());
        return mine;
    }

    private static String failure(Joined joined) {
        assertThat(joined.initiatorKeys.pairs()).isEmpty();
        assertThat(joined.responderKeys.pairs()).isEmpty();
        assertThat(joined.running()).isZero();
        return joined.initiatorKeys.failures().get(11).reason();
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {
                "TLS_PSK_WITH_AES_128_CCM_8",
                "TLS_PSK_WITH_AES_256_CCM_8",
                "TLS_PSK_WITH_AES_128_CCM",
                "TLS_PSK_WITH_AES_256_CCM",
                "TLS_PSK_WITH_AES_128_GCM_SHA256",
                "TLS_PSK_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256",
                "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256",
                "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384"
            })
    void sharedKeyComesToSas(CipherSuite suite) {
        Joined joined = ran(psk("dev-1", "dev.key", suite));

        Installed mine = good(joined);
        assertThat(mine.outbound().suite()).isEqualTo(suite);
        assertThat(mine.unconfirmed()).isFalse();
        assertThat(mine.inbound().identity()).hasToString("codtls:server-1");
        Installed other = joined.responderKeys.pairs().get(0);
        assertThat(other.inbound().identity().type()).isEqualTo(IdentityType.PSK);
        assertThat(other.inbound().identity()).hasToString("codtls:dev-1");
        assertThat(other.inbound().peer().uri()).isEqualTo("coap://dev-1");
        assertThat(joined.link.negotiated()).hasSize(3);
    }

    @Test
    void certificatesComeToSasOfTheNamesInThem() {
        Joined joined = ran(certificates(Pki.client("device"), Pki.server("server")));

        Installed mine = good(joined);
        assertThat(mine.inbound().identity().value()).isEqualTo("server.example");
        assertThat(mine.inbound().identity().issuer()).isEqualTo("CN=test ca");
        Installed other = joined.responderKeys.pairs().get(0);
        assertThat(other.inbound().identity().type()).isEqualTo(IdentityType.CERTIFICATE);
        assertThat(other.inbound().identity().value()).isEqualTo("device-1");
        assertThat(other.inbound().peer().uri()).isEqualTo("coap://device-1");
    }

    @Test
    void rawPublicKeysComeToSasOfTheirHashes() {
        Map<String, Object> peer = new HashMap<>(Pki.raw("device", "server"));
        peer.put("target", CodtlsParties.SERVER.uri());
        Joined joined = ran(certificates(CodtlsParties.client(peer), Map.of("server", Pki.raw("server", "device"))));

        Installed mine = good(joined);
        assertThat(mine.inbound().identity().type()).isEqualTo(IdentityType.RAW_PUBLIC_KEY);
        assertThat(mine.inbound().identity().value()).startsWith("ni:///sha-256;");
        Installed other = joined.responderKeys.pairs().get(0);
        assertThat(other.inbound().peer().host()).endsWith(".codtls");
    }

    @ParameterizedTest
    @CsvSource({
        "stranger, that is not valid",
        "revoked, that is not valid",
        "wrong-name, 'a certificate for [elsewhere.example] in the place of one for server.example'"
    })
    void certificateThatIsNotOneForThisServerIsRefusedByItsReason(String shown, String reason) {
        assertThat(failure(ran(certificates(Pki.client("device"), Pki.server(shown)))))
                .contains(reason);
    }

    @Test
    void certificateThatHasEndedIsRefused() {
        Clock later = Clock.fixed(Instant.parse("2120-01-01T00:00:00Z"), ZoneOffset.UTC);
        Kmp client = CodtlsProvider.create(new KmpSetup(Pki.client("device"), Pki.DIRECTORY, new Random(1)), later);
        Joined joined = ran(new Joined(
                CodtlsParties.parties(client, CodtlsParties.kmp(Pki.DIRECTORY, Pki.server("server"), 2), ECDSA), 1));

        assertThat(failure(joined)).contains("that is not valid");
    }

    @Test
    void clientWithoutACertificateThatTheServerBelievesGetsNoSas() {
        Map<String, Object> raw = new HashMap<>(Pki.shown("server"));
        raw.put("trusted", "@other-ca.pem");

        assertThat(failure(ran(certificates(Pki.client("device"), Map.of("server", raw)))))
                .contains("refused the handshake with BAD_CERTIFICATE");
    }

    /*
     * device                     server
     *   | ClientHello, …           |
     *   | Finished under a key     |   an unknown identity has a key that nobody knows,
     *   | that differs             |   and both look the same from here on
     *   |------------------------->|
     *   |                     4.00 |
     */
    @ParameterizedTest
    @CsvSource({"dev-1, wrong.key", "nobody, dev.key", "nobody, wrong.key"})
    void wrongKeyAndUnknownIdentityLookTheSame(String identity, String key) {
        Joined joined = psk(identity, key, PSK);
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));

        assertThat(joined.link.negotiated()).hasSize(3);
        assertThat(joined.initiatorKeys.failures().get(11).reason())
                .isEqualTo("coap://server.example"
                        + joined.link.negotiated().get(2).path()
                        + " refused the handshake with DECRYPT_ERROR, unauthenticated");
        assertThat(joined.running())
                .as("the server counts, and goes on waiting")
                .isEqualTo(1);
        joined.clock.run(Joined.ALL);
        assertThat(joined.running()).isZero();
        assertThat(joined.responderKeys.pairs()).isEmpty();
    }

    @Test
    void nothingIsKeptOfAHelloWithoutItsCookie() {
        Joined joined = psk("dev-1", "dev.key", PSK);
        joined.link.silenceFrom(1);
        joined.acquire();
        Outgoing hello = joined.link.negotiated().get(0);

        Answer first = joined.post(CodtlsKmp.BASE, 2, 42, hello.payload()).orElseThrow();
        Answer again = joined.post(CodtlsKmp.BASE, 2, 42, hello.payload()).orElseThrow();

        assertThat(first.code()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(first).isEqualTo(again);
        assertThat(joined.running()).as("the device's own run").isEqualTo(1);
        assertThat(joined.responderKeys.reserved()).isEmpty();
    }

    @Test
    void cookieIsForOneAddressAndForTenMinutes() {
        Joined joined = psk("dev-1", "dev.key", PSK);
        joined.link.silenceFrom(2);
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));
        Outgoing shown = joined.link.negotiated().get(1);

        assertThat(post(joined, shown, "192.0.2.1:9").code())
                .as("another port of the same address")
                .isEqualTo(Answer.CREATED);
        assertThat(post(joined, shown, "192.0.2.2:5683").code()).isEqualTo(Answer.UNAUTHORIZED);
        joined.clock.run(Duration.ofMinutes(11));
        assertThat(post(joined, shown, "192.0.2.1:5683").code()).isEqualTo(Answer.UNAUTHORIZED);
    }

    private static Answer post(Joined joined, Outgoing request, String source) {
        return joined.post(new Incoming(
                        request.path(),
                        2,
                        request.contentFormat(),
                        request.payload(),
                        source,
                        CodtlsParties.SERVER,
                        Optional.empty()))
                .orElseThrow();
    }

    /*
     * device               server                stranger
     *   | ClientHellos       |                       |
     *   |                    |<--- garbage, alerts --|  counted, and passed over
     *   | …Finished          |
     *   |------------------->| installs
     */
    @Test
    void sevenThingsThatAreNoFlightDoNotEndAHandshakeAndTheEighthDoes() {
        for (int junk : new int[] {7, 8}) {
            Joined joined = psk("dev-1", "dev.key", PSK);
            joined.link.makeBad(0, 0, 0, 1000);
            joined.acquire();
            for (int i = 0; i < 1000 && joined.link.negotiated().size() < 3; i++) {
                joined.clock.run(Duration.ofMillis(10));
            }
            String place = joined.link.negotiated().get(2).path();
            List<Octets> things = List.of(
                    Octets.ofHex("00"),
                    Octets.ofHex("15fefd000000000000000100020228"),
                    Octets.ofHex("16fefd0000000000000001ffff"),
                    Octets.ofHex("17fefd000100000000000100021234"));
            for (int i = 0; i < junk; i++) {
                assertThat(joined.post(place, 2, 42, things.get(i % things.size()))
                                .orElseThrow()
                                .code())
                        .isEqualTo(Answer.BAD_REQUEST);
            }
            joined.clock.run(Joined.ALL);

            assertThat(joined.initiatorKeys.pairs()).hasSize(junk == 7 ? 1 : 0);
            assertThat(joined.running()).isZero();
        }
    }

    /*
     * device               server
     *   | …Finished          |
     *   |------------------->| installs
     *   |  lost <-- Finished |
     *   | …Finished again    |
     *   |------------------->|
     *   |     Finished again |
     */
    @Test
    void lastFlightIsAnsweredAgainAsItWas() {
        Joined joined = psk("dev-1", "dev.key", PSK);
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));
        Outgoing last = joined.link.negotiated().get(2);

        Answer again = joined.post(last.path(), 2, 42, last.payload()).orElseThrow();
        Answer other = joined.post(last.path(), 2, 42, Octets.ofHex("00")).orElseThrow();

        assertThat(again.code()).isEqualTo(Answer.CHANGED);
        assertThat(other.code()).isEqualTo(Answer.NOT_FOUND);
        assertThat(joined.responderKeys.pairs()).hasSize(1);
        joined.clock.run(Duration.ofSeconds(247));
        assertThat(joined.post(last.path(), 2, 42, last.payload()).orElseThrow().code())
                .isEqualTo(Answer.NOT_FOUND);
    }

    @Test
    void keyBlockGoesOnAboveWhatTheEngineHasUsedAndTakesNothingBelow() {
        Map<String, Object> client = new HashMap<>(CodtlsParties.pskClient("dev-1", "dev.key"));
        Map<String, Object> server = new HashMap<>(CodtlsParties.pskServer("dev-1"));
        client.put("keys", "key-block");
        server.put("keys", "key-block");
        Joined joined = ran(new Joined(
                CodtlsParties.parties(
                        CodtlsParties.kmp(directory, client, 1), CodtlsParties.kmp(directory, server, 2), PSK),
                1));

        Installed mine = good(joined);
        for (Installed pair : List.of(mine, joined.responderKeys.pairs().get(0))) {
            assertThat(pair.inbound().epoch()).isEqualTo(1);
            assertThat(pair.outbound().history()).isEqualTo(new History.ResumeSending(1025));
            assertThat(pair.inbound().history()).isEqualTo(new History.ResumeAccepting(0, Octets.EMPTY));
        }
    }

    @Test
    void endsThatTakeTheirKeysFromDifferentPlacesHaveDifferentKeys() {
        Map<String, Object> client = new HashMap<>(CodtlsParties.pskClient("dev-1", "dev.key"));
        client.put("keys", "key-block");
        Joined joined = ran(new Joined(
                CodtlsParties.parties(
                        CodtlsParties.kmp(directory, client, 1),
                        CodtlsParties.kmp(directory, CodtlsParties.pskServer("dev-1"), 2),
                        PSK),
                1));

        Installed mine = joined.initiatorKeys.pairs().get(0);
        assertThat(joined.partnerOf(mine).orElseThrow().inboundKey()).isNotEqualTo(mine.outboundKey());
    }

    @Test
    void credentialsThatFitNoSuiteOfThePolicySaySo() {
        assertThat(failure(ran(psk("dev-1", "dev.key", ECDSA)))).contains("fit none of the policy's suites");
        assertThat(failure(ran(psk("dev-1", "dev.key", CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256))))
                .contains("fit none of the policy's suites");
    }

    @Test
    void newPairOfAPeerTakesThePlaceOfTheOneBefore() {
        Joined joined = ran(psk("dev-1", "dev.key", PSK));
        joined.acquire(joined.need(12, PairId.NONE));
        joined.clock.run(Joined.ALL);

        assertThat(joined.responderKeys.pairs()).hasSize(2);
        assertThat(joined.responderKeys.pairs().get(1).supersedes())
                .isEqualTo(joined.responderKeys.pairs().get(0).id());
    }

    @Test
    void outsideThatIsWrongIsAnsweredByTheTable() {
        Joined joined = psk("dev-1", "dev.key", PSK);
        Octets some = Octets.ofHex("16fefd00000000000000000000");

        assertThat(joined.post(CodtlsKmp.BASE, 1, 42, some).orElseThrow().code())
                .isEqualTo(Answer.METHOD_NOT_ALLOWED);
        assertThat(joined.post(CodtlsKmp.BASE, 2, 0, some).orElseThrow().code()).isEqualTo(Answer.UNSUPPORTED_FORMAT);
        assertThat(joined.post(CodtlsKmp.BASE, 2, 65010, some).orElseThrow().code())
                .isEqualTo(Answer.BAD_REQUEST);
        assertThat(joined.post(CodtlsKmp.BASE, 2, 42, Octets.of(new byte[1025]))
                        .orElseThrow()
                        .code())
                .isEqualTo(Answer.TOO_LARGE);
        assertThat(joined.post(CodtlsKmp.BASE + "/AAAAAAAAAAA", 2, 42, some)
                        .orElseThrow()
                        .code())
                .isEqualTo(Answer.NOT_FOUND);
    }
}
