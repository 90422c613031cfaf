// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Need;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.ace.as.AsParty;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.kmp.testkit.FakeKeyManagement;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.kmp.testkit.FakeLink;
import dev.samd.kmp.testkit.Joined;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Re-keys in band through real drivers: two that begin at once, answers that are lost, programs that restart. */
class RekeyDriverTest {
    private static final Duration MINUTES = Duration.ofMinutes(4);
    private static final int SEEDS = 40;

    /** Two hosts with a confirmed pair of a token. */
    private static Joined live(long seed) {
        Joined joined = new Joined(AceParties.holding(Tokens.cwt(Tokens.valid()), seed), seed);
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));
        joined.confirm(first(joined.initiatorKeys));
        return joined;
    }

    private static Installed first(FakeKeyManagement keys) {
        return keys.pairs().get(0);
    }

    private static Installed last(FakeKeyManagement keys) {
        return keys.pairs().get(keys.pairs().size() - 1);
    }

    /** What the client's daemon asks for when its pair comes to its end. */
    private static Need clientNeed(Joined joined, int sequence) {
        return joined.need(sequence, first(joined.initiatorKeys).id());
    }

    /** What the server's daemon asks for when its pair comes to its end. */
    private static Need serverNeed(Joined joined, int sequence) {
        Installed live = first(joined.responderKeys);
        Need client = joined.need();
        return new Need(
                sequence,
                live.inbound().local(),
                live.inbound().peer(),
                client.via(),
                client.content(),
                client.form(),
                client.suites(),
                client.acceptable(),
                live.id(),
                client.lifetime(),
                client.window(),
                client.reqid());
    }

    @Test
    void clientReplacesWithoutItsToken() {
        Joined joined = live(1);

        joined.acquire(clientNeed(joined, 2));
        joined.clock.run(MINUTES);

        assertThat(paths(joined.link)).containsExactly(ProfileLabels.AUTHZ_INFO, ProfileLabels.REKEY);
        assertOneSuccessor(joined);
        assertNothingLeft(joined);
    }

    @Test
    void serverReplacesThroughItsOwnProgram() {
        Joined joined = live(1);

        joined.acquireBack(serverNeed(joined, 3));
        joined.clock.run(MINUTES);

        assertThat(paths(joined.back)).containsExactly(ProfileLabels.REKEY);
        assertThat(last(joined.responderKeys).role()).isEqualTo(PairRole.INITIATOR);
        assertOneSuccessor(joined);
        assertNothingLeft(joined);
    }

    @Test
    void twoThatBeginAtOnceComeToOneSuccessor() {
        int ofServer = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            Joined joined = live(seed);
            joined.link.makeBad(0, 0, 0, 3000);
            joined.back.makeBad(0, 0, 0, 3000);

            joined.acquire(clientNeed(joined, 2));
            joined.acquireBack(serverNeed(joined, 3));
            joined.clock.run(MINUTES);

            assertOneSuccessor(joined);
            assertThat(joined.initiatorKeys.failures()).as("seed %d", seed).isEmpty();
            assertThat(joined.responderKeys.failures()).as("seed %d", seed).isEmpty();
            assertThat(paths(joined.link)).as("no token, seed %d", seed).hasSize(2);
            assertNothingLeft(joined);
            ofServer += last(joined.responderKeys).role() == PairRole.INITIATOR ? 1 : 0;
        }
        assertThat(ofServer).as("runs of the server that won").isBetween(1, SEEDS - 1);
    }

    @Test
    void twoThatBeginAtOnceOnABadNetworkNeverPartTheirKeys() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Joined joined = live(seed);
            joined.link.makeBad(0.3, 0.2, 0, 3000);
            joined.back.makeBad(0.3, 0.2, 0, 3000);

            joined.acquire(clientNeed(joined, 2));
            joined.acquireBack(serverNeed(joined, 3));
            joined.clock.run(MINUTES);

            assertThat(joined.initiatorKeys.pairs().size()).as("seed %d", seed).isGreaterThan(1);
            for (Installed mine : joined.initiatorKeys.pairs()) {
                assertThat(mine.role() == PairRole.RESPONDER || agrees(joined, mine))
                        .as("what an initiator installs its responder has, seed %d", seed)
                        .isTrue();
            }
            assertNothingLeft(joined);
        }
    }

    @Test
    void abandonedRunGoesOnByItselfWhenTheOtherOneNeverComes() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Joined joined = live(seed);
            joined.back.silenceFrom(0);

            joined.acquireBack(serverNeed(joined, 3));
            joined.acquire(clientNeed(joined, 2));
            joined.clock.run(MINUTES);

            assertThat(joined.initiatorKeys.failures()).as("seed %d", seed).isEmpty();
            assertThat(agrees(joined, last(joined.initiatorKeys)))
                    .as("seed %d", seed)
                    .isTrue();
            assertNothingLeft(joined);
        }
    }

    @Test
    void runThatGaveWayEndsWithThePairOfTheOther() {
        int gaveWay = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            Joined joined = live(seed);
            joined.back.silenceFrom(0);

            joined.acquireBack(serverNeed(joined, 3));
            joined.acquire(clientNeed(joined, 2));
            joined.clock.run(Duration.ofSeconds(25));

            if (joined.initiatorKeys.pairs().size() == 2) {
                assertThat(joined.running())
                        .as("it awaits no answer, seed %d", seed)
                        .isZero();
                assertThat(joined.responderKeys.failures()).isEmpty();
                gaveWay++;
            }
        }
        assertThat(gaveWay).as("runs of the server that gave way").isBetween(1, SEEDS - 1);
    }

    @Test
    void lostAnswerIsGivenAgain() {
        Joined joined = live(1);
        joined.link.loseAnswers(3);

        joined.acquire(clientNeed(joined, 2));
        joined.clock.run(MINUTES);

        assertThat(paths(joined.link)).containsExactly(ProfileLabels.AUTHZ_INFO, ProfileLabels.REKEY);
        assertOneSuccessor(joined);
        assertNothingLeft(joined);
    }

    @Test
    void answerThatNeverComesIsMadeGoodByTheToken() {
        Joined joined = live(1);
        joined.link.loseAnswers(5);

        joined.acquire(clientNeed(joined, 2));
        joined.clock.run(MINUTES);

        assertThat(paths(joined.link))
                .containsExactly(ProfileLabels.AUTHZ_INFO, ProfileLabels.REKEY, ProfileLabels.AUTHZ_INFO);
        assertThat(joined.initiatorKeys.pairs()).hasSize(2);
        Installed young = last(joined.initiatorKeys);
        assertThat(agrees(joined, young)).isTrue();
        assertThat(young.supersedes()).isEqualTo(first(joined.initiatorKeys).id());
        assertThat(joined.responderKeys.pairs()).hasSize(3);
        assertThat(joined.responderKeys.pairs().get(1).unconfirmed())
                .as("the pair whose answer was lost never takes a place")
                .isTrue();
        assertNothingLeft(joined);
    }

    @Test
    void pairThatItsTokenEndsIsReplacedByATokenOfTheSameKeyAtBothEnds() {
        for (AsParty as : List.of(AsParty.ofCwts(1), AsParty.ofJwts(1))) {
            Joined joined = new Joined(AceParties.asking(as, 1), 1);
            joined.acquire();
            joined.clock.run(Duration.ofSeconds(1));
            joined.confirm(first(joined.initiatorKeys));
            joined.clock.run(Duration.ofMinutes(55));
            as.at(joined.clock.now());

            joined.acquire(clientNeed(joined, 2));
            joined.clock.run(MINUTES);

            assertThat(paths(joined.link))
                    .containsExactly("/token", ProfileLabels.AUTHZ_INFO, "/token", ProfileLabels.AUTHZ_INFO);
            assertOneSuccessor(joined);
            assertThat(last(joined.responderKeys).inbound().rights().expires().orElseThrow())
                    .as("an hour later than it would have ended")
                    .isEqualTo(Tokens.NOW.plusSeconds(3301 + 3600));
            assertNothingLeft(joined);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void restartedProgramsReplaceWithWhatTheirDaemonsKept(boolean byClient) {
        Joined joined = live(1);

        joined.restart(AceParties.holding(Tokens.cwt(Tokens.valid()), 2));
        if (byClient) {
            joined.acquire(clientNeed(joined, 2));
        } else {
            joined.acquireBack(serverNeed(joined, 3));
        }
        joined.clock.run(MINUTES);

        assertThat(TestHost.last(paths(byClient ? joined.link : joined.back))).isEqualTo(ProfileLabels.REKEY);
        assertOneSuccessor(joined);
        assertNothingLeft(joined);
    }

    @Test
    void programsThatRestartAmidAReplacementGoOn() {
        Joined joined = live(1);
        joined.link.silenceFrom(1);
        joined.acquire(clientNeed(joined, 2));
        joined.clock.run(Duration.ofSeconds(5));

        joined.restart(AceParties.holding(Tokens.cwt(Tokens.valid()), 2));
        joined.link.silenceFrom(Integer.MAX_VALUE);
        joined.acquire(clientNeed(joined, 4));
        joined.clock.run(MINUTES);

        assertThat(TestHost.last(paths(joined.link))).isEqualTo(ProfileLabels.REKEY);
        assertOneSuccessor(joined);
        assertNothingLeft(joined);
    }

    @Test
    void replacedPairIsNotGoneBackToEvenByARestartedProgram() {
        Joined joined = live(1);
        Need again = clientNeed(joined, 4);
        joined.acquire(clientNeed(joined, 2));
        joined.clock.run(Duration.ofSeconds(1));
        joined.confirm(last(joined.initiatorKeys));

        joined.restart(AceParties.holding(Tokens.cwt(Tokens.valid()), 2));
        joined.acquire(again);
        joined.clock.run(MINUTES);

        assertThat(TestHost.last(paths(joined.link)))
                .as("its secret is erased, although the daemon has it still")
                .isEqualTo(ProfileLabels.AUTHZ_INFO);
        assertNothingLeft(joined);
    }

    @Test
    void unconfirmedSuccessorThatEndsLeavesTheLivePairToBeReplacedAgain() {
        Joined joined = live(1);
        joined.acquire(clientNeed(joined, 2));
        joined.clock.run(Duration.ofSeconds(1));
        for (FakeKeyManagement keys : List.of(joined.initiatorKeys, joined.responderKeys)) {
            PairId young = last(keys).id();
            keys.forget(young);
            keys.tell(joined.kmp(), new PairEvent.Ended(young, Octets.EMPTY));
        }
        joined.clock.settle();

        joined.acquireBack(serverNeed(joined, 3));
        joined.clock.run(MINUTES);

        assertThat(paths(joined.back)).containsExactly(ProfileLabels.REKEY);
        assertOneSuccessor(joined);
        assertNothingLeft(joined);
    }

    private static List<String> paths(FakeLink link) {
        return link.negotiated().stream().map(Outgoing::path).toList();
    }

    private static void assertOneSuccessor(Joined joined) {
        assertThat(joined.initiatorKeys.pairs()).hasSize(2);
        assertThat(joined.responderKeys.pairs()).hasSize(2);
        Installed young = last(joined.initiatorKeys);
        assertThat(agrees(joined, young)).isTrue();
        assertThat(young.supersedes()).isEqualTo(first(joined.initiatorKeys).id());
        assertThat(last(joined.responderKeys).supersedes())
                .isEqualTo(first(joined.responderKeys).id());
        assertThat(young.unconfirmed()).isTrue();
    }

    private static boolean agrees(Joined joined, Installed mine) {
        return joined.partnerOf(mine)
                .filter(other -> other.inboundKey().equals(mine.outboundKey())
                        && other.outboundKey().equals(mine.inboundKey())
                        && other.role() != mine.role())
                .isPresent();
    }

    private static void assertNothingLeft(Joined joined) {
        assertThat(joined.faults).isEmpty();
        assertThat(joined.running()).isZero();
        assertThat(joined.initiatorKeys.openKeys()).isZero();
        assertThat(joined.responderKeys.openKeys()).isZero();
    }
}
