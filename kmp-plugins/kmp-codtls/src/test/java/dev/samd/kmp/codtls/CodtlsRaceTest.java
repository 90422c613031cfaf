// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Need;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.kmp.testkit.Joined;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What overtakes what, each drawn above its test. */
class CodtlsRaceTest {
    private static final CipherSuite PSK = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
    /** Transmissions of a confirmable message. */
    private static final int TRANSMISSIONS = 5;

    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("dev.key"), "000102030405060708090a0b0c0d0e0f");
    }

    private Joined joined() {
        return CodtlsParties.joined("psk", directory);
    }

    private Parties others() {
        return CodtlsParties.parties(
                CodtlsParties.kmp(directory, CodtlsParties.pskClient("dev-1", "dev.key"), 3),
                CodtlsParties.kmp(directory, CodtlsParties.pskServer("dev-1"), 4),
                PSK);
    }

    private static Installed first(Joined joined) {
        joined.acquire();
        joined.clock.run(Joined.ALL);
        return joined.initiatorKeys.pairs().get(0);
    }

    /** Begins, and stops when the request of this number, counted from 1, is under way. */
    private static void until(Joined joined, Need need, int request) {
        joined.link.makeBad(0, 0, 0, 1000);
        joined.acquire(need);
        for (int i = 0; i < 1000 && joined.link.negotiated().size() < request; i++) {
            joined.clock.run(Duration.ofMillis(5));
        }
        assertThat(joined.link.negotiated()).hasSize(request);
    }

    private static void assertPartners(Joined joined, Installed mine) {
        Installed other = joined.partnerOf(mine).orElseThrow();
        assertThat(other.inboundKey()).isEqualTo(mine.outboundKey());
        assertThat(other.outboundKey()).isEqualTo(mine.inboundKey());
        assertThat(joined.faults).isEmpty();
        assertThat(joined.running()).isZero();
    }

    private static Installed last(List<Installed> pairs) {
        return pairs.get(pairs.size() - 1);
    }

    /*
     * device                          server
     *   | last flight                   |
     *   |------------------------------>|  installs, confirmed
     *   |      lost, five times <- 2.04 |
     *   | 93 s: last flight again       |
     *   |------------------------------>|
     *   |           2.04, as it was     |  for as long as the device may ask
     *   |  installs                     |
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void lastAnswerThatIsLostIsFoundByTheRepeatedFlight(int exchanges) {
        Joined joined = joined();
        until(joined, joined.need(), 3);
        joined.link.loseAnswers(exchanges * TRANSMISSIONS);
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.link.negotiated()).hasSize(3 + exchanges);
        assertThat(joined.responderKeys.pairs()).hasSize(1);
        assertPartners(joined, joined.initiatorKeys.pairs().get(0));
    }

    /*
     * device                          server
     *   | last flight                   |
     *   |------------------------------>|  installs A, confirmed
     *   |      lost, for good   <- 2.04 |
     *   | 247 s: gives up               |
     *   | ClientHello …                 |
     *   |------------------------------>|  installs B, which supersedes A
     *   |  installs B                   |
     */
    @Test
    void pairThatTheDeviceNeverHeardOfGivesWayToItsNextOne() {
        Joined joined = joined();
        until(joined, joined.need(), 3);
        joined.link.loseAnswers(3 * TRANSMISSIONS);
        joined.clock.run(Joined.ALL);
        assertThat(joined.initiatorKeys.failures().get(11).reason()).contains("took longer than 247 s");
        assertThat(joined.initiatorKeys.pairs()).isEmpty();
        PairId orphan = joined.responderKeys.pairs().get(0).id();

        joined.acquire(joined.need(12, PairId.NONE));
        joined.clock.run(Joined.ALL);

        assertPartners(joined, joined.initiatorKeys.pairs().get(0));
        assertThat(last(joined.responderKeys.pairs()).supersedes()).isEqualTo(orphan);
    }

    /*
     * device                          server
     *   |  has O                        |  has O
     *   | ClientHello, session …        |
     *   | CCS, Finished                 |
     *   |------------------------------>|  installs A, unconfirmed: O stays preferred
     *   |      lost, for good   <- 2.04 |
     *   | a full handshake              |  A's minute is over
     *   |------------------------------>|  installs B, which supersedes O
     */
    @Test
    void resumedPairThatTheDeviceNeverHeardOfTouchesNothing() {
        Joined joined = joined();
        Installed old = first(joined);
        until(joined, joined.need(41, old.id()), 6);
        joined.link.loseAnswers(3 * TRANSMISSIONS);
        joined.clock.run(Joined.ALL);
        assertThat(joined.initiatorKeys.pairs()).containsExactly(old);
        Installed unheard = last(joined.responderKeys.pairs());
        assertThat(unheard.unconfirmed()).isTrue();

        joined.acquire(joined.need(42, old.id()));
        joined.clock.run(Joined.ALL);

        Installed young = last(joined.initiatorKeys.pairs());
        assertPartners(joined, young);
        assertThat(young.unconfirmed()).as("by a full handshake").isFalse();
        assertThat(last(joined.responderKeys.pairs()).supersedes())
                .isEqualTo(joined.partnerOf(old).orElseThrow().id());
    }

    /*
     * A                                B
     *   | ClientHello ---\   /--- ClientHello |
     *   |                 \ /                 |
     *   |                  X                  |
     *   |<----------------/ \---------------->|
     *   | each answers the other: two handshakes, two pairs at both ends.
     *   | The daemons let one of them give way, the same at both (docs/api.md).
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothSidesStartAtOnceAndBothComeToAPair(boolean successors) {
        Joined joined = new Joined(
                new Parties(
                        CodtlsParties.kmp(directory, both(CodtlsParties.SERVER.uri(), "a", "b"), 1),
                        CodtlsParties.kmp(directory, both("coap://device", "b", "a"), 2),
                        CodtlsParties.need(PSK),
                        CodtlsParties.NOW),
                1);
        PairId mine = PairId.NONE;
        PairId other = PairId.NONE;
        if (successors) {
            Installed old = first(joined);
            mine = old.id();
            other = joined.partnerOf(old).orElseThrow().id();
        }
        int before = joined.initiatorKeys.pairs().size();
        joined.link.makeBad(0, 0, 0, 500);
        joined.back.makeBad(0, 0, 0, 500);

        joined.acquire(joined.need(51, mine));
        joined.acquireBack(turned(joined.need(52, other)));
        joined.clock.run(Joined.ALL);

        List<Installed> pairs = joined.initiatorKeys.pairs().subList(before, before + 2);
        assertThat(pairs).extracting(Installed::role).containsExactlyInAnyOrder(PairRole.INITIATOR, PairRole.RESPONDER);
        pairs.forEach(pair -> assertPartners(joined, pair));
        assertThat(pairs.get(0).outboundKey()).isNotEqualTo(pairs.get(1).outboundKey());
        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.responderKeys.failures()).isEmpty();
    }

    /** A host that begins as one identity and serves another. */
    private static Map<String, Object> both(String target, String own, String other) {
        return Map.of(
                "client",
                Map.of(
                        "peers",
                        List.of(Map.of("target", target, "server", other, "psk_identity", own, "psk", "@dev.key"))),
                "server",
                Map.of("psk", List.of(Map.of("identity", other, "key", "@dev.key"))));
    }

    /** The same need of the other side. */
    private static Need turned(Need need) {
        return new Need(
                need.sequence(),
                /* local= */ need.target(),
                /* target= */ need.local(),
                need.via(),
                need.content(),
                need.form(),
                need.suites(),
                need.acceptable(),
                need.replaces(),
                need.lifetime(),
                need.window(),
                need.reqid());
    }

    /*
     * device                          server
     *   | ClientHellos                  |
     *   |                               |  60 s
     *   | last flight                   |
     *   |------------------------------>|  the run is no more
     *   |                          4.04 |
     */
    @Test
    void lastFlightThatComesTooLateFindsNothing() {
        Joined joined = joined();
        joined.link.silenceFrom(2);
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(61));
        Outgoing last = joined.link.negotiated().get(2);

        assertThat(joined.post(last.path(), 2, 42, last.payload()).orElseThrow().code())
                .isEqualTo(Answer.NOT_FOUND);
        assertThat(joined.responderKeys.pairs()).isEmpty();
    }

    /*
     * device                          server
     *   | ClientHello                   |
     *   | ClientHello, cookie ---------\|
     *   |                      restart  |\
     *   |                               | \-> a cookie of another secret
     *   |        4.01, another cookie   |
     *   |<------------------------------|  the device's run has restarted as well, and is another one
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void restartInTheMiddleEndsTheRunAndTheNextOneIsGood(int request) {
        Joined joined = joined();
        until(joined, joined.need(), request);
        joined.restart(others());
        joined.link.makeBad(0, 0, 0, 0);

        joined.acquire(joined.need(12, PairId.NONE));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        assertThat(joined.responderKeys.pairs()).hasSize(1);
        assertPartners(joined, joined.initiatorKeys.pairs().get(0));
    }

    /*
     * device                          server
     *   |  has O                        |  has O
     *   | ClientHello, session, cookie  |
     *   |------------------------------>|
     *   |  O ends                       |  O ends: its session is forgotten, and this run goes on with its own copy
     *   | CCS, Finished                 |
     *   |------------------------------>|  installs, in nobody's place
     */
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6})
    void expiryInTheMiddleDoesNotEndTheHandshakeOfTheSuccessor(int request) {
        Joined joined = joined();
        Installed old = first(joined);
        Installed other = joined.partnerOf(old).orElseThrow();
        until(joined, joined.need(41, old.id()), request);

        joined.initiatorKeys.forget(old.id());
        joined.responderKeys.forget(other.id());
        joined.initiatorKeys.tell(joined.kmp(), new PairEvent.Ended(old.id(), Octets.EMPTY));
        joined.responderKeys.tell(joined.kmp(), new PairEvent.Ended(other.id(), Octets.EMPTY));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        Installed young = joined.initiatorKeys.pairs().get(0);
        assertPartners(joined, young);
        assertThat(joined.partnerOf(young).orElseThrow().supersedes()).isEqualTo(PairId.NONE);
    }
}
