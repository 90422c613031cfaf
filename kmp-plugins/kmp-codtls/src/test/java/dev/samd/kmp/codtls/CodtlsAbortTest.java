// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.Screening;
import dev.samd.kmp.testkit.Joined;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Spi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who ends a handshake, and who cannot. */
class CodtlsAbortTest {
    private static final Instant NOW = CodtlsParties.NOW;

    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("dev.key"), "000102030405060708090a0b0c0d0e0f");
    }

    private static Joined certificates(Map<String, Object> client, Map<String, Object> server) {
        return new Joined(
                CodtlsParties.parties(
                        CodtlsParties.kmp(Pki.DIRECTORY, client, 1),
                        CodtlsParties.kmp(Pki.DIRECTORY, server, 2),
                        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8),
                1);
    }

    /** A handshake whose last flight has left the device and not arrived. */
    private Joined halfOpen(String kind) {
        return halfOpen(CodtlsParties.joined(kind, directory));
    }

    private static Joined halfOpen(Joined joined) {
        joined.link.silenceFrom(2);
        joined.acquire();
        assertThat(joined.link.negotiated()).hasSize(3);
        return joined;
    }

    private static Octets last(Joined joined) {
        return joined.link.negotiated().get(2).payload();
    }

    private static Answer post(Joined joined, Octets flight) {
        return joined.post(joined.link.negotiated().get(2).path(), 2, 42, flight)
                .orElseThrow();
    }

    private static void assertComesToItsEnd(Joined joined) {
        assertThat(post(joined, last(joined)).code()).isEqualTo(Answer.CHANGED);
        assertThat(joined.responderKeys.pairs()).hasSize(1);
        assertThat(joined.faults).isEmpty();
    }

    /*
     * device                 server                 somebody on the way
     *   | ClientHellos         |                       |
     *   |                      |<-- a last flight -----|  of another handshake of the same device
     *   |                      |--- 4.00, alert ------>|  counted, and passed over
     *   | last flight          |
     *   |--------------------->|  installs
     */
    @ParameterizedTest
    @ValueSource(strings = {"psk", "ecdhe-psk", "certificates", "raw-public-keys"})
    void lastFlightOfAnotherHandshakeDoesNotEndThisOne(String kind) {
        Octets other = last(halfOpen(kind));
        Joined joined = halfOpen(kind);

        for (int i = 0; i < 7; i++) {
            Answer answer = post(joined, other);
            assertThat(answer.code()).isEqualTo(Answer.BAD_REQUEST);
            assertThat(Alerts.in(answer.payload())).contains("DECRYPT_ERROR");
        }

        assertComesToItsEnd(joined);
    }

    @Test
    void lastFlightOfNobodyAndOfAStrangerDoNotEndAHandshake() {
        Map<String, Object> nobody =
                CodtlsParties.client(Map.of("target", CodtlsParties.SERVER.uri(), "trusted", "@ca.pem"));
        Octets empty = last(halfOpen(certificates(nobody, Pki.server("server"))));
        Joined joined = halfOpen("certificates");
        Joined raw = halfOpen("raw-public-keys");

        Answer ofNobody = post(joined, empty);
        Answer ofStranger = post(raw, last(halfOpen(stranger())));

        assertThat(Alerts.in(ofNobody.payload())).contains("BAD_CERTIFICATE");
        assertThat(Alerts.in(ofStranger.payload())).contains("DECRYPT_ERROR");
        assertComesToItsEnd(joined);
        assertComesToItsEnd(raw);
    }

    /** A device whose raw public key the server does not know. */
    private static Joined stranger() {
        Map<String, Object> peer =
                CodtlsParties.with(Pki.raw("stranger", "server"), "target", CodtlsParties.SERVER.uri());
        return certificates(CodtlsParties.client(peer), Map.of("server", Pki.raw("server", "device")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"psk", "ecdhe-psk", "certificates", "raw-public-keys"})
    void lastFlightThatWasChangedOnTheWayDoesNotEndAHandshake(String kind) {
        Random random = new Random(5);
        for (int round = 0; round < 40; round++) {
            Joined joined = halfOpen(kind);
            byte[] octets = last(joined).toArray();
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));

            // Numbers of records in clear are nobody's to verify: such a flight is as good as the one that it was.
            if (post(joined, Octets.of(octets)).code() == Answer.BAD_REQUEST) {
                assertComesToItsEnd(joined);
            } else {
                assertThat(joined.responderKeys.pairs()).hasSize(1);
            }
        }
    }

    /*
     * device                 server                 somebody on the way
     *   | ClientHello, session …                       |
     *   |                      |<-- CCS, junk ---------|
     *   | CCS, Finished        |
     *   |--------------------->|  installs
     */
    @Test
    void abbreviatedHandshakeIsNotEndedEither() {
        Joined joined = CodtlsParties.joined("psk", directory);
        joined.acquire();
        joined.clock.run(Joined.ALL);
        joined.link.silenceFrom(5);
        joined.acquire(joined.need(41, joined.initiatorKeys.pairs().get(0).id()));
        Outgoing last = joined.link.negotiated().get(5);
        byte[] changed = last.payload().toArray();
        changed[changed.length - 1] ^= 1;

        Octets fullOne = joined.link.negotiated().get(2).payload();
        for (Octets flight : List.of(Octets.of(changed), fullOne, Octets.of(changed))) {
            assertThat(joined.post(last.path(), 2, 42, flight).orElseThrow().code())
                    .isEqualTo(Answer.BAD_REQUEST);
        }

        assertThat(joined.post(last.path(), 2, 42, last.payload()).orElseThrow())
                .isEqualTo(Answer.of(Answer.CHANGED));
        assertThat(joined.responderKeys.pairs()).hasSize(2);
    }

    @Test
    void eighthFlightThatFailsEndsTheRunAndSaysWhatItWas() {
        Octets other = last(halfOpen("psk"));
        Joined joined = halfOpen("psk");

        for (int i = 0; i < 8; i++) {
            assertThat(post(joined, other).code()).isEqualTo(Answer.BAD_REQUEST);
        }

        assertThat(joined.lastOutcome())
                .isEqualTo(
                        "failed: the handshake failed: 8 flights came to nothing, last a last flight that does not verify");
        assertThat(post(joined, last(joined)).code()).isEqualTo(Answer.NOT_FOUND);
    }

    /*
     * device                 server
     *   | ClientHellos         |
     *   |  2.01, a certificate |  for another name
     *   |<---------------------|
     *   | alert                |
     *   |--------------------->|  counted; its time ends the run
     *   |                 4.00 |
     */
    @Test
    void deviceThatFailsTellsTheServerWhy() {
        Joined joined = certificates(Pki.client("device"), Pki.server("wrong-name"));
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));

        Outgoing alert = joined.link.negotiated().get(2);
        assertThat(alert.path()).startsWith(CodtlsKmp.BASE + "/");
        assertThat(Alerts.in(alert.payload())).contains("BAD_CERTIFICATE");
        assertThat(joined.initiatorKeys.failures().get(11).reason()).contains("in the place of one for server.example");
        assertThat(joined.running()).as("the server's").isEqualTo(1);
        joined.clock.run(Duration.ofSeconds(60));
        assertThat(joined.lastOutcome())
                .isEqualTo(
                        "failed: the handshake stood still for 60 s, the peer says BAD_CERTIFICATE, unauthenticated");
        assertThat(joined.running()).isZero();
    }

    @Test
    void alertThatNobodyAnswersHoldsNobodyUp() {
        Joined joined = certificates(Pki.client("device"), Pki.server("wrong-name"));
        joined.link.silenceFrom(2);
        joined.acquire();
        assertThat(joined.initiatorKeys.failures()).isEmpty();

        joined.clock.run(Duration.ofSeconds(5));

        assertThat(joined.initiatorKeys.failures().get(11).reason()).contains("in the place of one for server.example");
    }

    @Test
    void alertOfTheServerReachesThoseWhoWaitByItsName() {
        Joined joined = stranger();
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));

        assertThat(joined.initiatorKeys.failures().get(11).reason())
                .isEqualTo("coap://server.example"
                        + joined.link.negotiated().get(2).path()
                        + " refused the handshake with BAD_CERTIFICATE, unauthenticated");
    }

    /*
     * device            somebody on the way            server
     *   | last flight        |                            |
     *   |------------------->|--------------------------->|  installs
     *   |<-- junk, 2.04 -----|
     *   | last flight        |
     *   |------------------------------------------------>|
     *   |                      2.04, the same as before   |
     *   |  installs
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "00", "140000", "140000000000000000000000010116fefd000100000000000000021234"})
    void answerThatIsNotTheServersLastFlightIsAskedForAgain(String junk) {
        Kmp device = CodtlsParties.kmp(directory, CodtlsParties.pskClient("dev-1", "dev.key"), 1);
        Kmp host = CodtlsParties.kmp(directory, CodtlsParties.pskServer("dev-1"), 2);
        Negotiation client = device.initiate(CodtlsParties.need(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8));
        client.start(NOW);
        Outgoing hello = sent(client.onReserved(NOW, Spi.ofHex("1645")));
        Answer cookie = ((Screening.Answered) host.screen(NOW, incoming(hello))).answer();
        Outgoing shown = sent(client.onAnswer(NOW, 1, cookie));
        Negotiation server = ((Screening.Admitted) host.screen(NOW, incoming(shown))).negotiation();
        server.start(NOW);
        Outgoing last = sent(client.onAnswer(NOW, 2, reply(server.onReserved(NOW, Spi.ofHex("2b01")))));
        server.onRequest(NOW, incoming(last));
        Answer finish = reply(server.onInstalled(NOW, new PairId(1)));

        Outgoing again = sent(client.onAnswer(NOW, 3, new Answer(Answer.CHANGED, 42, Octets.ofHex(junk))));
        List<KmpOutput> outputs = client.onAnswer(NOW, 4, finish);

        assertThat(again).isEqualTo(last);
        assertThat(outputs).anySatisfy(output -> assertThat(output).isInstanceOf(KmpOutput.Install.class));
    }

    private static Incoming incoming(Outgoing request) {
        return new Incoming(
                request.path(),
                2,
                request.contentFormat(),
                request.payload(),
                "192.0.2.1:5683",
                CodtlsParties.SERVER,
                Optional.empty());
    }

    private static Outgoing sent(List<KmpOutput> outputs) {
        return outputs.stream()
                .filter(KmpOutput.Send.class::isInstance)
                .map(send -> ((KmpOutput.Send) send).request())
                .findFirst()
                .orElseThrow();
    }

    private static Answer reply(List<KmpOutput> outputs) {
        return outputs.stream()
                .filter(KmpOutput.Reply.class::isInstance)
                .map(reply -> ((KmpOutput.Reply) reply).answer())
                .findFirst()
                .orElseThrow();
    }
}
