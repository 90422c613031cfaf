// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.KmpFixture.KMPD;
import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.engine.Confirmation;
import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pairs whose peer has yet to prove that it holds the keys: what they may do, how long, and what proof leads to. */
class UnconfirmedPairTest {
    private static final byte[] SECRET = {1, 2, 3};

    private final KmpFixture k = new KmpFixture();
    private final SadbFixture f = k.f;

    @Test
    void bothSasShowThatTheyWaitAndTheEngineIsToldForWhom() { // T37, T38
        InstalledPair initiator =
                k.pair("aa", "bb").unconfirmed(PairRole.INITIATOR).install();
        InstalledPair responder =
                k.pair("cc", "dd").unconfirmed(PairRole.RESPONDER).install();

        for (SadbEntry entry : List.of(initiator.inbound(), initiator.outbound())) {
            assertThat(entry.unconfirmed()).isTrue();
            assertThat(entry.role()).contains(PairRole.INITIATOR);
            assertThat(entry.state()).isEqualTo(SaState.MATURE);
        }
        assertThat(responder.outbound().role()).contains(PairRole.RESPONDER);
        assertThat(f.changes)
                .extracting(change -> ((Change.Installed) change).confirmation())
                .containsExactly(
                        Confirmation.INITIATOR_WAITS,
                        Confirmation.INITIATOR_WAITS,
                        Confirmation.RESPONDER_WAITS,
                        Confirmation.RESPONDER_WAITS);
    }

    @Test
    void anUnconfirmedPairNeedsARole() {
        f.refused(
                SaError.MALFORMED,
                () -> f.sadb.installPair(
                        f.now(),
                        new InstallPair(
                                Origin.of(KMPD),
                                k.sa(Direction.INBOUND, "aa"),
                                f.keys(),
                                k.sa(Direction.OUTBOUND, "bb"),
                                f.keys(),
                                PairId.NONE,
                                null,
                                true,
                                KeyMaterial.adopt(new byte[0]))));
    }

    @Test
    void theFirstGoodRecordConfirmsBothSasWithOneEvent() {
        InstalledPair pair = k.pair("aa", "bb").unconfirmed(PairRole.RESPONDER).install();

        assertThat(f.seen(f.sadb.confirmed(f.now(), pair.inbound().id())).reply())
                .isTrue();
        assertThat(f.seen(f.sadb.confirmed(f.now(), pair.inbound().id())).reply())
                .isFalse();

        assertThat(k.now(pair.inbound()).unconfirmed()).isFalse();
        assertThat(k.now(pair.outbound()).unconfirmed()).isFalse();
        assertThat(f.events)
                .filteredOn(SadbEvent.Confirmed.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.about().orElseThrow().id())
                            .isEqualTo(pair.inbound().id());
                    assertThat(event.revision()).isEqualTo(f.sadb.cursor().revision());
                });
        f.pass(Duration.ofHours(1));
        assertThat(k.lives(pair.inbound())).isTrue();
    }

    @Test
    void aRespondersPairEndsAfterAMinuteWithoutConfirmation() {
        InstalledPair pair = k.pair("aa", "bb").unconfirmed(PairRole.RESPONDER).install();

        f.pass(Duration.ofSeconds(59));
        assertThat(k.lives(pair.inbound())).isTrue();
        assertThat(pair.inbound().expires()).contains(pair.inbound().added().plusSeconds(60));
        f.pass(Duration.ofSeconds(1));

        assertThat(f.sadb.size()).isZero();
        assertThat(f.events)
                .filteredOn(SadbEvent.Expired.class::isInstance)
                .hasSize(2)
                .allSatisfy(
                        event -> assertThat(((SadbEvent.Expired) event).hard()).isTrue());
    }

    @Test
    void aThirdUnconfirmedPairOfOnePeerPushesTheOldestOut() {
        InstalledPair first = k.pair("a1", "b1").unconfirmed(PairRole.RESPONDER).install();
        InstalledPair second =
                k.pair("a2", "b2").unconfirmed(PairRole.RESPONDER).install();
        InstalledPair third = k.pair("a3", "b3").unconfirmed(PairRole.RESPONDER).install();

        assertThat(k.lives(first.inbound())).isFalse();
        assertThat(k.lives(first.outbound())).isFalse();
        assertThat(k.lives(second.inbound())).isTrue();
        assertThat(k.lives(third.inbound())).isTrue();
        assertThat(f.changes).filteredOn(Change.Ended.class::isInstance).allSatisfy(change -> assertThat(
                        ((Change.Ended) change).closeNotify())
                .as("nobody proved to have the keys")
                .isFalse());
    }

    @Test
    void aConfirmedPairIsNeverPushedOut() {
        InstalledPair confirmed =
                k.pair("a0", "b0").unconfirmed(PairRole.RESPONDER).install();
        f.seen(f.sadb.confirmed(f.now(), confirmed.inbound().id()));
        for (int i = 1; i < 9; i++) {
            k.pair("a" + i, "b" + i).unconfirmed(PairRole.RESPONDER).install();
        }

        assertThat(k.lives(confirmed.inbound())).isTrue();
        assertThat(f.sadb.size()).isEqualTo(6);
    }

    @Test
    void thePairsOfOnePrincipalThatWaitAreBounded() {
        SadbBounds bounds = new SadbBounds(100, 100, 100, 100, 100, 10, 10, 1, Timings.DEFAULT.withoutChance());
        KmpFixture small = new KmpFixture(new SadbFixture(bounds));
        InstalledPair one =
                small.pair("aa", "bb").unconfirmed(PairRole.RESPONDER).install();

        small.f.refused(
                SaError.TOO_MANY,
                () -> small.pair("cc", "dd").unconfirmed(PairRole.RESPONDER).install());
        small.pair("ee", "ff").install();
        small.f.seen(small.f.sadb.confirmed(small.f.now(), one.inbound().id()));

        small.pair("cc", "dd").unconfirmed(PairRole.RESPONDER).install();
    }

    @Test
    void anInitiatorsPairWithoutAnOlderOneIsSimplyUsed() { // T37
        InstalledPair pair = k.pair("aa", "bb").unconfirmed(PairRole.INITIATOR).install();

        f.pass(Duration.ofHours(1));

        assertThat(k.now(pair.outbound()).state()).isEqualTo(SaState.MATURE);
        assertThat(k.now(pair.outbound()).unconfirmed()).isTrue();
    }

    @Test
    void anInitiatorsPairThatIsNeverConfirmedGoesAndTheOldOneStays() { // T37
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair fresh = k.pair("cc", "dd")
                .unconfirmed(PairRole.INITIATOR)
                .supersedes(old)
                .install();
        assertThat(k.now(old.outbound()).state()).isEqualTo(SaState.MATURE);

        f.pass(Duration.ofSeconds(92));
        assertThat(k.lives(fresh.inbound())).isTrue();
        f.pass(Duration.ofSeconds(1));

        assertThat(k.lives(fresh.inbound())).isFalse();
        assertThat(k.lives(fresh.outbound())).isFalse();
        assertThat(k.now(old.outbound()).state()).isEqualTo(SaState.MATURE);
        f.pass(Duration.ofHours(1));
        assertThat(k.lives(old.outbound())).isTrue();
    }

    @Test
    void anInitiatorsPairStaysWhereTheOldOneEndedMeanwhile() {
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair fresh = k.pair("cc", "dd")
                .unconfirmed(PairRole.INITIATOR)
                .supersedes(old)
                .install();
        f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), SadbFixture.byId(old.inbound()), true));

        f.pass(Duration.ofHours(1));

        assertThat(k.lives(fresh.inbound())).isTrue();
        assertThat(k.lives(fresh.outbound())).isTrue();
    }

    @Test
    void onlyConfirmationBeginsTheEndOfWhatIsSuperseded() { // T37
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair fresh = k.pair("cc", "dd")
                .unconfirmed(PairRole.RESPONDER)
                .supersedes(old)
                .install();
        assertThat(k.now(old.inbound()).state()).isEqualTo(SaState.MATURE);
        f.changes.clear();

        f.seen(f.sadb.confirmed(f.now(), fresh.inbound().id()));

        assertThat(k.now(old.inbound()).state()).isEqualTo(SaState.DYING);
        assertThat(k.now(old.outbound()).state()).isEqualTo(SaState.DYING);
        assertThat(f.changes).hasSize(2).allSatisfy(change -> assertThat(change).isInstanceOf(Change.Aged.class));
        f.pass(Duration.ofSeconds(185));
        assertThat(k.lives(old.inbound())).isTrue();
        f.pass(Duration.ofSeconds(1));
        assertThat(k.lives(old.inbound())).isFalse();
        assertThat(k.lives(old.outbound())).isFalse();
        assertThat(k.now(fresh.outbound()).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void aSupersededPairThatIsConfirmedLateLivesThroughItsOverlap() {
        InstalledPair old = k.pair("aa", "bb").unconfirmed(PairRole.RESPONDER).install();
        k.pair("cc", "dd").supersedes(old).install();

        f.seen(f.sadb.confirmed(f.now(), old.inbound().id()));

        f.pass(Duration.ofSeconds(185));
        assertThat(k.lives(old.inbound())).isTrue();
        f.pass(Duration.ofSeconds(1));
        assertThat(k.lives(old.inbound())).isFalse();
    }

    @Test
    void aConfirmedPairSupersedesAtOnce() {
        InstalledPair old = k.pair("aa", "bb").install();

        k.pair("cc", "dd").supersedes(old).install();

        assertThat(k.now(old.outbound()).state()).isEqualTo(SaState.DYING);
    }

    @Test
    void otherLimitsDoNotBringASupersededPairBack() {
        InstalledPair old = k.pair("aa", "bb").install();
        k.pair("cc", "dd").supersedes(old).install();

        SadbEntry updated = f.seen(f.sadb.changeLifetime(
                        f.now(),
                        new ChangeLifetime(
                                Origin.of(KMPD),
                                SadbFixture.byId(old.outbound()),
                                null,
                                SadbFixture.softTime(Duration.ofHours(1), Duration.ofHours(2)))))
                .reply();

        assertThat(updated.state()).isEqualTo(SaState.DYING);
        f.pass(Duration.ofSeconds(186));
        assertThat(k.lives(old.outbound())).isFalse();
    }

    private InstalledPair successor(InstalledPair old, String in, String out, PairRole role) {
        return k.pair(in, out).unconfirmed(role).supersedes(old).install();
    }

    private void confirm(InstalledPair pair) {
        f.seen(f.sadb.confirmed(f.now(), pair.inbound().id()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoSuccessorsThatTheEndsBeganTheirSpisDecideInAnyOrderOfProof(boolean oursFirst) {
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair ours = successor(old, "cc", "f1", PairRole.INITIATOR);
        InstalledPair theirs = successor(old, "ee", "d1", PairRole.RESPONDER);

        confirm(oursFirst ? ours : theirs);
        assertThat(k.now(ours.outbound()).state()).isEqualTo(SaState.MATURE);
        assertThat(k.now(theirs.outbound()).state()).isEqualTo(SaState.MATURE);
        confirm(oursFirst ? theirs : ours);

        assertThat(k.now(ours.outbound()).state()).isEqualTo(SaState.DYING);
        assertThat(k.now(ours.inbound()).state()).isEqualTo(SaState.DYING);
        assertThat(k.now(theirs.outbound()).state()).isEqualTo(SaState.MATURE);
        assertThat(f.changes)
                .filteredOn(Change.GaveWay.class::isInstance)
                .singleElement()
                .satisfies(change -> {
                    assertThat(((Change.GaveWay) change).pair())
                            .isEqualTo(ours.inbound().pairId());
                    assertThat(((Change.GaveWay) change).by())
                            .isEqualTo(theirs.inbound().pairId());
                });
        f.pass(Duration.ofSeconds(185));
        assertThat(k.lives(ours.inbound())).isTrue();
        f.pass(Duration.ofSeconds(1));
        assertThat(k.lives(ours.inbound())).isFalse();
        assertThat(k.lives(theirs.inbound())).isTrue();
    }

    @Test
    void ofTwoSuccessorsThatOneEndBeganTheLaterOneStands() {
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair first = successor(old, "f1", "f2", PairRole.RESPONDER);
        InstalledPair second = successor(old, "c1", "c2", PairRole.RESPONDER);

        confirm(second);
        confirm(first);

        assertThat(k.now(first.outbound()).state()).isEqualTo(SaState.DYING);
        assertThat(k.now(second.outbound()).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void ofTwoSuccessorsThatNobodySaysTheBeginnerOfBothStand() {
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair first = k.pair("cc", "dd").supersedes(old).install();
        InstalledPair second = k.pair("ee", "ff").supersedes(old).install();

        f.pass(Duration.ofHours(1));

        assertThat(k.now(first.outbound()).state()).isEqualTo(SaState.MATURE);
        assertThat(k.now(second.outbound()).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void aSuccessorThatNobodySaysTheBeginnerOfKeepsNoneOfTheOthers() {
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair first = successor(old, "c1", "c2", PairRole.INITIATOR);
        InstalledPair second = successor(old, "d1", "d2", PairRole.RESPONDER);
        InstalledPair unsaid = k.pair("ee", "ff").supersedes(old).install();

        confirm(second);
        confirm(first);

        assertThat(k.now(first.outbound()).state()).isEqualTo(SaState.DYING);
        assertThat(k.now(second.outbound()).state()).isEqualTo(SaState.MATURE);
        assertThat(k.now(unsaid.outbound()).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void anInitiatorsPairIsKeptOnlyWhereNoOtherOneIsLeft() {
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair ours = successor(old, "c1", "c2", PairRole.INITIATOR);
        InstalledPair one = k.pair("d1", "d2").supersedes(old).install();
        k.pair("ee", "ff").supersedes(old).install();
        f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), SadbFixture.byId(old.inbound()), true));
        f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), SadbFixture.byId(one.inbound()), true));

        f.pass(Duration.ofSeconds(93));

        assertThat(k.lives(ours.inbound())).as("the third one stands").isFalse();
    }

    @Test
    void aLateProofOfAPairDoesNotBringItBeforeTheSuccessorOfItsRival() {
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair late = successor(old, "f1", "f2", PairRole.INITIATOR);
        InstalledPair rival = successor(old, "c1", "c2", PairRole.RESPONDER);
        confirm(rival);
        InstalledPair next = successor(rival, "d1", "d2", PairRole.RESPONDER);
        confirm(next);

        confirm(late);

        assertThat(k.now(late.outbound()).state()).isEqualTo(SaState.DYING);
        assertThat(k.now(next.outbound()).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void anInitiatorsPairThatIsNeverConfirmedGoesWhereAnotherOneStands() {
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair ours = successor(old, "cc", "dd", PairRole.INITIATOR);
        confirm(successor(old, "ee", "ff", PairRole.RESPONDER));
        f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), SadbFixture.byId(old.inbound()), true));

        f.pass(Duration.ofSeconds(93));

        assertThat(k.lives(ours.inbound())).isFalse();
    }

    @Test
    void theSpiOfAPairThatGaveWayIsTakenAsLongAsTheOtherOneLives() {
        InstalledPair old = k.pair("aa", "bb").install();
        InstalledPair ours = successor(old, "c1", "c2", PairRole.INITIATOR);
        InstalledPair theirs = successor(old, "ee", "ff", PairRole.RESPONDER);
        confirm(ours);
        confirm(theirs);
        f.pass(Duration.ofHours(1));
        assertThat(k.lives(ours.inbound())).isFalse();

        f.refused(SaError.SPI_IN_USE, () -> k.pair("c1", "01").install());
        f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), SadbFixture.byId(theirs.inbound()), true));
        f.pass(SpiSet.QUARANTINE);

        k.pair("c1", "01").install();
    }

    @Test
    void whatAKmpGaveAlongIsForItAloneAndGoesWithThePair() {
        InstalledPair pair = k.pair("aa", "bb").remembering(SECRET).install();

        assertThat(f.sadb.recall(ALICE, "ace")).isEmpty();
        assertThat(f.sadb.recall(KMPD, "psk")).isEmpty();
        RecalledPair recalled = f.sadb.recall(KMPD, "ace").get(0);
        assertThat(recalled.inbound().id()).isEqualTo(pair.inbound().id());
        assertThat(recalled.outbound().id()).isEqualTo(pair.outbound().id());
        assertThat(recalled.kmpPrivate().borrow()).containsExactly(SECRET);
        recalled.kmpPrivate().giveBack();
        f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), SadbFixture.byId(pair.inbound()), true));

        assertThat(f.sadb.recall(KMPD, "ace")).isEmpty();
        assertThat(recalled.kmpPrivate().borrow()).isNull();
    }

    @Test
    void tooMuchOfItIsRefused() {
        f.refused(
                SaError.MALFORMED,
                () -> k.pair("aa", "bb").remembering(new byte[1025]).install());
    }

    @Test
    void hardLimitsEndAnUnconfirmedPairToo() {
        InstalledPair pair = k.pair(
                        k.sa(Direction.INBOUND, "aa", SadbFixture.softTime(Duration.ZERO, Duration.ofSeconds(10))),
                        k.sa(Direction.OUTBOUND, "bb", SadbFixture.softTime(Duration.ZERO, Duration.ofSeconds(10))))
                .unconfirmed(PairRole.RESPONDER)
                .install();

        f.pass(Duration.ofSeconds(10));

        assertThat(k.lives(pair.inbound())).isFalse();
        assertThat(f.lastEvent()).isInstanceOfSatisfying(SadbEvent.Expired.class, expired -> assertThat(expired.cause())
                .isEqualTo(ExpireCause.TIME));
        f.pass(Duration.ofHours(1));
        assertThat(f.sadb.nextDeadline()).as("nothing is left to do").isEmpty();
    }
}
