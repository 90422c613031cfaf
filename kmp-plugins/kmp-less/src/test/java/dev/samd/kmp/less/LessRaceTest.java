// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Need;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.kmp.testkit.Joined;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.Endpoint;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.PairId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of pairs where the two sides see the end of a run differently, or start at once. */
class LessRaceTest {
    private static final String OTHER_Y = "ff0102030405060708090a0b0c0d0e0f";

    private static Joined joined() {
        return new Joined(LessParties.parties(1), 1);
    }

    /** Lets an acquire come to M3 on a slow network, and loses every answer from there on. */
    private static void loseM4(Joined joined, int sequence, PairId replaces) {
        joined.link.makeBad(0, 0, 0, 2000);
        int before = joined.link.sent().size();
        joined.acquire(joined.need(sequence, replaces));
        for (int i = 0; i < 400 && joined.link.sent().size() < before + 2; i++) {
            joined.clock.run(Duration.ofMillis(20));
        }
        joined.link.loseAnswers(1000);
        joined.clock.run(Joined.ALL);
        joined.link.loseAnswers(0);
        assertThat(joined.initiatorKeys.failures()).containsKey(sequence);
    }

    /*
     * device                     server
     *   | M1 -- M2                 |
     *   | M3                       |
     *   |------------------------->| installs, unconfirmed; the pair before stays in use
     *   |           lost <---- M4  |
     *   | M3 again and again       |
     *   |           lost <---- M4  |
     *   | gives up                 | without a record of the device the new pair ends after 60 s
     *   | M1 -- M2 -- M3 -- M4     |
     *   |------------------------->| a third pair, in the place of the first
     */
    @Test
    void lastAnswerThatIsLostForGoodLeavesThePairBeforeInUse() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);
        Installed first = joined.initiatorKeys.pairs().get(0);
        joined.confirm(first);
        PairId served = joined.partnerOf(first).orElseThrow().id();

        loseM4(joined, 12, first.id());

        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        assertThat(joined.responderKeys.pairs()).hasSize(2);
        assertThat(joined.responderKeys.pairs().get(0).unconfirmed()).isFalse();
        Installed lost = joined.responderKeys.pairs().get(1);
        assertThat(lost.unconfirmed()).isTrue();
        assertThat(lost.supersedes()).isEqualTo(served);

        joined.acquire(joined.need(13, first.id()));
        joined.clock.run(Joined.ALL);

        Installed second = joined.initiatorKeys.pairs().get(1);
        assertThat(second.unconfirmed()).isTrue();
        assertThat(joined.partnerOf(second).orElseThrow().supersedes()).isEqualTo(served);
    }

    @Test
    void lastAnswerOfTheFirstRunThatIsLostForGoodIsInNobodysWay() {
        Joined joined = joined();

        loseM4(joined, 12, PairId.NONE);
        assertThat(joined.responderKeys.pairs()).singleElement().matches(Installed::unconfirmed);
        joined.acquire(joined.need(13, PairId.NONE));
        joined.clock.run(Joined.ALL);

        Installed mine = joined.initiatorKeys.pairs().get(0);
        assertThat(joined.partnerOf(mine).orElseThrow().supersedes()).isEqualTo(PairId.NONE);
    }

    /*
     * device                     server
     *   | M1 -- M2 -- M3 -- M4     |
     *   | 2 s without a record     |
     *   | any request, protected   |
     *   |------------------------->| the pair is confirmed
     */
    @Test
    void deviceThatHasNothingToSendSendsSomethingUnderThePair() {
        Joined idle = joined();
        idle.acquire();
        idle.clock.run(Duration.ofMillis(1900));
        assertThat(idle.link.sent()).hasSize(2);
        idle.clock.run(Duration.ofSeconds(1));
        assertThat(idle.link.sent()).hasSize(3);
        assertThat(idle.link.sent().get(2).protectedAs()).contains(idle.need().local());
        assertThat(idle.running()).isZero();

        Joined busy = joined();
        busy.acquire();
        busy.clock.run(Duration.ofSeconds(1));
        busy.confirm(busy.initiatorKeys.pairs().get(0));
        busy.clock.run(Joined.ALL);
        assertThat(busy.link.sent()).as("somebody else has used it").hasSize(2);
        assertThat(busy.running()).isZero();
    }

    /*
     * node-a                     server.example
     *   | M1 (DI node-a)           |
     *   |-----------\   /----------| M1 (DI server.example), under the other secret
     *   |            \ /           |
     *   |<------------X----------->|
     *   | M2, M3, M4  |  M2, M3, M4|
     *   |<------------------------>|
     *
     * Two runs under two secrets and two pairs, neither in the place of the other: the one that nobody uses ends by its time.
     */
    @Test
    void bothSidesStartAtOnceAndBothPairsStand() {
        Joined joined = new Joined(
                new Parties(
                        node("node-a", LessParties.Y, LessParties.SERVER, "server.example", OTHER_Y, 1),
                        node("server.example", OTHER_Y, Endpoint.parse("coap://node-a"), "node-a", LessParties.Y, 2),
                        need("coap://server.example"),
                        LessParties.NOW),
                1);
        joined.link.makeBad(0, 0, 0, 500);
        joined.back.makeBad(0, 0, 0, 500);

        joined.acquire();
        joined.acquireBack(need("coap://node-a"));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.responderKeys.failures()).isEmpty();
        assertThat(joined.responderKeys.pairs()).hasSize(2);
        assertThat(joined.initiatorKeys.pairs()).hasSize(2).allSatisfy(pair -> {
            Installed other = joined.partnerOf(pair).orElseThrow();
            assertThat(other.inboundKey()).isEqualTo(pair.outboundKey());
            assertThat(List.of(pair.supersedes(), other.supersedes())).containsOnly(PairId.NONE);
        });
        assertThat(joined.initiatorKeys.pairs().get(0).inboundKey())
                .isNotEqualTo(joined.initiatorKeys.pairs().get(1).inboundKey());
        assertThat(joined.running()).isZero();
    }

    /** A device under one secret, and the server of another under another one. */
    private static LessKmp node(String own, String y, Endpoint target, String peer, String otherY, long seed) {
        LessSettings.Server like = LessParties.server(true, true);
        LessSettings.Server server = new LessSettings.Server(
                Map.of(LessParties.text(peer), LessParties.key(otherY)),
                like.suites(),
                like.lifetime(),
                like.unique(),
                like.hideIdentity(),
                like.halfOpen());
        return new LessKmp(
                new LessSettings(
                        Optional.of(server),
                        List.of(new LessSettings.Client(target, LessParties.text(own), LessParties.key(y), peer))),
                new Random(seed));
    }

    private static Need need(String target) {
        Need like = LessParties.need();
        return new Need(
                like.sequence(),
                Endpoint.HOST_WIDE,
                Endpoint.parse(target),
                like.via(),
                like.content(),
                like.form(),
                like.suites(),
                List.of(IdentityPattern.ANY),
                like.replaces(),
                like.lifetime(),
                like.window(),
                like.reqid());
    }

    /*
     * device                     server
     *   | M1 -- M2                 |
     *   | M3                       |
     *   |------------------------->| installs, unconfirmed
     *   | acquire withdrawn        |
     *   |<---------------------M4  |
     *   | nobody waits for it      |
     */
    @Test
    void lastAnswerThatComesAfterTheEndOfItsRunChangesNothing() {
        Joined joined = joined();
        joined.link.makeBad(0, 0, 0, 2000);
        joined.acquire();
        for (int i = 0; i < 400 && joined.responderKeys.pairs().isEmpty(); i++) {
            joined.clock.run(Duration.ofMillis(20));
        }

        joined.initiatorKeys.withdraw("less", 11, "nobody waits any more");
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).isEmpty();
        assertThat(joined.initiatorKeys.reserved()).isEmpty();
        assertThat(joined.responderKeys.pairs()).singleElement().matches(Installed::unconfirmed);
        assertThat(joined.initiatorKeys.openKeys() + joined.responderKeys.openKeys())
                .isZero();
        assertThat(joined.running()).isZero();
    }
}
