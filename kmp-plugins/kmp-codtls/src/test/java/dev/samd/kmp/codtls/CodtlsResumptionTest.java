// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.Need;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.testkit.FakeKeyManagement;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.kmp.testkit.Joined;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.History;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/*
 * An abbreviated handshake:
 *
 * device                                server
 *   | ClientHello, session                |
 *   |------------------------------------>|
 *   |            4.01, HelloVerifyRequest |
 *   | ClientHello, session, cookie        |
 *   |------------------------------------>|  knows the session
 *   |      2.01, ServerHello, CCS, Finished |
 *   | CCS, Finished                       |
 *   |------------------------------------>|  installs, unconfirmed
 *   |                                2.04 |
 *   |  installs, unconfirmed              |
 */
/** Successors of pairs: abbreviated handshakes where both ends know the session, full ones where one does not. */
class CodtlsResumptionTest {
    private static final CipherSuite PSK = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
    private static final CipherSuite ECDHE_PSK = CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int SEEDS = 40;

    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("dev.key"), "000102030405060708090a0b0c0d0e0f");
    }

    private Joined psk(
            Function<Map<String, Object>, Map<String, Object>> client,
            Function<Map<String, Object>, Map<String, Object>> server,
            long seed,
            CipherSuite... suites) {
        Kmp device = CodtlsParties.kmp(directory, client.apply(CodtlsParties.pskClient("dev-1", "dev.key")), seed);
        Kmp host = CodtlsParties.kmp(directory, server.apply(CodtlsParties.pskServer("dev-1")), -seed);
        return new Joined(CodtlsParties.parties(device, host, suites), seed);
    }

    private Joined joined(String kind) {
        return CodtlsParties.joined(kind, directory);
    }

    private static Installed first(Joined joined) {
        joined.acquire();
        joined.clock.run(Joined.ALL);
        return joined.initiatorKeys.pairs().get(0);
    }

    /** A successor, and whether its handshake was an abbreviated one: then the last flight begins with ChangeCipherSpec. */
    private static boolean abbreviated(Joined joined, Need need) {
        int before = joined.link.negotiated().size();
        int pairs = joined.initiatorKeys.pairs().size();
        joined.acquire(need);
        joined.clock.run(Joined.ALL);
        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.initiatorKeys.pairs()).hasSize(pairs + 1);
        agree(joined, last(joined));
        List<Outgoing> sent = joined.link.negotiated();
        assertThat(sent).hasSize(before + 3);
        boolean abbreviated = sent.get(before + 2).payload().at(0) == CHANGE_CIPHER_SPEC;
        assertThat(last(joined).unconfirmed()).isEqualTo(abbreviated);
        assertThat(joined.partnerOf(last(joined)).orElseThrow().unconfirmed()).isEqualTo(abbreviated);
        return abbreviated;
    }

    private static Installed last(Joined joined) {
        List<Installed> pairs = joined.initiatorKeys.pairs();
        return pairs.get(pairs.size() - 1);
    }

    private static void agree(Joined joined, Installed mine) {
        Installed other = joined.partnerOf(mine).orElseThrow();
        assertThat(other.inboundKey()).isEqualTo(mine.outboundKey());
        assertThat(other.outboundKey()).isEqualTo(mine.inboundKey());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"psk", "psk-key-block", "ecdhe-psk", "certificates", "certificates-key-block", "raw-public-keys"
            })
    void successorsResumeTheSessionAndHaveFreshKeysOfThePeerThatWasAuthenticated(String kind) {
        Joined joined = joined(kind);
        Installed pair = first(joined);
        Set<Octets> keys = new HashSet<>(List.of(pair.inboundKey(), pair.outboundKey()));
        Installed server = joined.partnerOf(pair).orElseThrow();

        for (int run = 1; run <= 3; run++) {
            assertThat(abbreviated(joined, joined.need(40 + run, last(joined).id())))
                    .isTrue();
            Installed young = last(joined);
            keys.addAll(List.of(young.inboundKey(), young.outboundKey()));
            assertThat(young.inbound().identity()).isEqualTo(pair.inbound().identity());
            assertThat(joined.partnerOf(young).orElseThrow().inbound().identity())
                    .isEqualTo(server.inbound().identity());
            assertThat(young.outbound().suite()).isEqualTo(pair.outbound().suite());
            assertThat(young.outbound().history()).isEqualTo(pair.outbound().history());
            joined.confirm(young);
        }

        assertThat(keys).as("two of each of four runs").hasSize(8);
        if (kind.endsWith("key-block")) {
            assertThat(last(joined).outbound().history()).isEqualTo(new History.ResumeSending(1025));
        }
    }

    @Test
    void newPairThatReplacesNoneIsMadeByAFullHandshake() {
        Joined joined = joined("psk");
        first(joined);

        assertThat(abbreviated(joined, joined.need(41, PairId.NONE))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 86400", "86400, 0", "0, 0"})
    void nothingIsResumedWhereOneSideDoesNotWantIt(long client, long server) {
        Joined joined = psk(
                section -> CodtlsParties.with(section, "resumption", client),
                section -> CodtlsParties.with(section, "resumption", server),
                1,
                PSK);
        Installed pair = first(joined);

        assertThat(abbreviated(joined, joined.need(41, pair.id()))).isFalse();
    }

    @Test
    void sessionIsOverADayAfterItsFullHandshakeHoweverOftenItWasResumed() {
        Joined joined = joined("psk");
        Installed pair = first(joined);
        joined.clock.run(Duration.ofHours(16));
        assertThat(abbreviated(joined, joined.need(41, pair.id()))).isTrue();
        joined.confirm(last(joined));
        joined.clock.run(Duration.ofHours(9));

        assertThat(abbreviated(joined, joined.need(42, last(joined).id()))).isFalse();
    }

    /*
     * device                                server
     *   | ClientHello, session, cookie        |
     *   |------------------------------------>|  has forgotten it, with its pair
     *   |   2.01, ServerHello … ServerHelloDone |
     *   | ClientKeyExchange, CCS, Finished    |
     *   |------------------------------------>|
     */
    @ParameterizedTest
    @ValueSource(strings = {"psk", "ecdhe-psk", "certificates", "raw-public-keys"})
    void serverThatHasForgottenTheSessionMakesAFullHandshakeOfIt(String kind) {
        Joined joined = joined(kind);
        Installed pair = first(joined);
        end(joined.responderKeys, joined, joined.partnerOf(pair).orElseThrow());

        assertThat(abbreviated(joined, joined.need(41, pair.id()))).isFalse();
        assertThat(abbreviated(joined, joined.need(42, last(joined).id())))
                .as("the full one made another session")
                .isTrue();
    }

    @Test
    void deviceForgetsASessionWithItsPair() {
        Joined joined = joined("psk");
        Installed pair = first(joined);
        end(joined.initiatorKeys, joined, pair);

        joined.acquire(joined.need(41, pair.id()));
        joined.clock.run(Joined.ALL);

        assertThat(joined.link.negotiated().get(5).payload().at(0)).isNotEqualTo(CHANGE_CIPHER_SPEC);
        agree(joined, last(joined));
    }

    private static void end(FakeKeyManagement keys, Joined joined, Installed pair) {
        keys.forget(pair.id());
        keys.tell(joined.kmp(), new PairEvent.Ended(pair.id(), Octets.EMPTY));
        joined.clock.settle();
    }

    /*
     * device                                server
     *   | … CCS, Finished                     |
     *   |------------------------------------>|  installs, unconfirmed
     *   | installs, unconfirmed          2.04 |
     *   | no record comes through, the pair ends at both ends
     *   | a full handshake                    |
     */
    @Test
    void sessionWhosePairWasNotConfirmedIsNotTriedAgain() {
        Joined joined = joined("psk");
        Installed pair = first(joined);
        assertThat(abbreviated(joined, joined.need(41, pair.id()))).isTrue();
        Installed young = last(joined);
        end(joined.responderKeys, joined, joined.partnerOf(young).orElseThrow());
        end(joined.initiatorKeys, joined, young);

        assertThat(abbreviated(joined, joined.need(42, pair.id()))).isFalse();
    }

    @Test
    void policyThatHasAnotherSuiteMeanwhileGetsAFullHandshake() {
        Joined joined = joined("psk");
        Installed pair = first(joined);
        Need need = joined.need(41, pair.id());
        Need other = new Need(
                need.sequence(),
                need.local(),
                need.target(),
                need.via(),
                need.content(),
                need.form(),
                List.of(ECDHE_PSK),
                need.acceptable(),
                need.replaces(),
                need.lifetime(),
                need.window(),
                need.reqid());

        assertThat(abbreviated(joined, other)).isFalse();
        assertThat(last(joined).outbound().suite()).isEqualTo(ECDHE_PSK);
    }

    @Test
    void restartedProgramsHaveNoSessions() {
        Joined joined = joined("psk");
        Installed pair = first(joined);
        joined.restart(CodtlsParties.parties(
                CodtlsParties.kmp(directory, CodtlsParties.pskClient("dev-1", "dev.key"), 3),
                CodtlsParties.kmp(directory, CodtlsParties.pskServer("dev-1"), 4),
                PSK));

        assertThat(abbreviated(joined, joined.need(41, pair.id()))).isFalse();
    }

    @Test
    void badNetworkNeverPartsTheKeysOfASuccessor() {
        int good = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            Joined joined = psk(Function.identity(), Function.identity(), seed, PSK);
            Installed pair = first(joined);
            joined.link.makeBad(0.25, 0.2, 0, 3000);

            joined.acquire(joined.need(41, pair.id()));
            joined.clock.run(Joined.ALL);

            joined.initiatorKeys.pairs().forEach(one -> agree(joined, one));
            good += joined.initiatorKeys.pairs().size() - 1;
            assertThat(joined.faults).isEmpty();
            assertThat(joined.running()).isZero();
            assertThat(joined.initiatorKeys.openKeys() + joined.responderKeys.openKeys())
                    .isZero();
        }
        assertThat(good).as("successors").isGreaterThan(SEEDS / 2);
    }
}
