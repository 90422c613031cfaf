// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.AcquireView.State.CLAIMED;
import static dev.samd.daemon.sadb.AcquireView.State.DONE;
import static dev.samd.daemon.sadb.AcquireView.State.FAILED;
import static dev.samd.daemon.sadb.AcquireView.State.OFFERED;
import static dev.samd.daemon.sadb.AcquireView.State.WITHDRAWN;
import static dev.samd.daemon.sadb.KmpFixture.KMPD;
import static dev.samd.daemon.sadb.KmpFixture.SENSOR;
import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.BOB;
import static dev.samd.daemon.sadb.SadbFixture.PEER;
import static dev.samd.daemon.sadb.SadbFixture.softTime;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.policy.PolicySelector;
import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.Rights;
import dev.samd.sa.SaError;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Make before break: used pairs get successors before they end. */
class RekeyTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Lifetime MINUTES = softTime(MINUTE, Duration.ofMinutes(20));

    private final KmpFixture k = new KmpFixture();
    private final SadbFixture f = k.f;

    private InstalledPair pair(String in, String out) {
        return k.pair(k.sa(Direction.INBOUND, in, MINUTES), k.sa(Direction.OUTBOUND, out, MINUTES))
                .install();
    }

    @Test
    void theSoftLimitOfAUsedPairAsksItsKmpForASuccessor() { // T36
        long ace = k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.inbound(), 1, 1, 1);

        f.pass(MINUTE);

        Notice.Offered offered = k.offered();
        assertThat(offered.kmp()).isEqualTo(ace);
        Need need = offered.need();
        assertThat(need.replaces()).isEqualTo(old.inbound().pairId());
        assertThat(need.target()).isEqualTo(PEER);
        assertThat(need.proposal().identities()).singleElement().satisfies(pattern -> {
            assertThat(pattern.fits(SENSOR, PEER)).isTrue();
            assertThat(pattern.fits(new Identity("ace", IdentityType.TOKEN, SENSOR.issuer(), "sensor-2"), PEER))
                    .isFalse();
        });
        assertThat(k.all(Notice.Offered.class)).as("one for both SAs").hasSize(1);
        assertThat(k.lastTold().replaces()).isEqualTo(old.inbound().pairId());
    }

    @Test
    void aPairThatNobodyUsedIsNotWorthASuccessorUntilSomebodyDoes() {
        k.register("ace");
        InstalledPair old = pair("aa", "bb");

        f.pass(MINUTE);
        assertThat(k.all(Notice.Offered.class)).isEmpty();
        f.use(old.outbound(), 1, 1, 1);
        f.seen(f.sadb.used(f.now(), old.outbound().id(), f.nanos));

        assertThat(k.all(Notice.Offered.class)).hasSize(1);
    }

    @Test
    void keysByHandAreNeverReplaced() {
        k.register("ace");
        InstalledPair byHand = f.seen(f.sadb.installPair(
                        f.now(),
                        new InstallPair(
                                Origin.of(ALICE),
                                f.inbound("aa").withLifetime(MINUTES),
                                f.keys(),
                                f.outbound("bb").withLifetime(MINUTES),
                                f.keys(),
                                PairId.NONE)))
                .reply();
        f.use(byHand.outbound(), 1, 1, 1);

        f.pass(MINUTE);

        assertThat(f.sadb.get(SadbFixture.byId(byHand.outbound())).state()).isEqualTo(SaState.DYING);
        assertThat(k.all(Notice.Offered.class)).isEmpty();
    }

    @Test
    void theKmpOfAnotherPrincipalIsNotAsked() {
        k.register("ace", BOB);
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);

        f.pass(MINUTE);

        assertThat(k.all(Notice.Offered.class)).isEmpty();
        assertThat(k.lives(old.outbound())).isTrue();
    }

    @Test
    void theSuccessorTakesOverAfterItsConfirmation() {
        k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.pass(MINUTE);
        Origin origin = k.accept();

        InstalledPair fresh = k.pair("cc", "dd")
                .by(origin)
                .supersedes(old)
                .unconfirmed(PairRole.INITIATOR)
                .install();
        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, DONE);
        assertThat(k.now(old.outbound()).state()).isEqualTo(SaState.DYING);
        f.seen(f.sadb.confirmed(f.now(), fresh.inbound().id()));
        f.pass(Duration.ofSeconds(186));

        assertThat(k.lives(old.outbound())).isFalse();
        assertThat(k.now(fresh.outbound()).state()).isEqualTo(SaState.MATURE);
        assertThat(k.all(Notice.Offered.class)).hasSize(1);
    }

    @Test
    void aRekeyIsAskedForAnewAsOtherPoliciesWantIt() {
        k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.pass(MINUTE);
        assertThat(k.lastTold().policy()).isEqualTo("sensors");
        assertThat(k.offered().need().proposal().reqid()).isEqualTo(7);
        Origin late = k.accept();

        PolicyEntry like = KmpFixture.ENTRY;
        PolicyEntry other = new PolicyEntry(
                "readers",
                like.action(),
                like.kmps(),
                like.identities(),
                like.suites(),
                like.content(),
                like.form(),
                like.lifetime(),
                like.window(),
                8,
                like.fresh());
        f.seen(f.sadb.policyChanged(f.now(), ALICE, Policies.of(List.of(new Policy(PolicySelector.ALL, other)))));

        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, WITHDRAWN, OFFERED);
        assertThat(k.lastTold().policy()).isEqualTo("readers");
        assertThat(k.lastTold().replaces()).isEqualTo(old.inbound().pairId());
        assertThat(k.offered().need().proposal().reqid()).isEqualTo(8);
        f.refused(
                SaError.STALE_ACQUIRE,
                () -> k.pair("ee", "ff").by(late).supersedes(old).install());
        k.pair("cc", "dd").by(k.accept()).supersedes(old).install();
        assertThat(k.now(old.outbound()).state()).isEqualTo(SaState.DYING);
    }

    @Test
    void aRekeyThatNoPolicyWantsSaysSoAndGoesOn() {
        k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.pass(MINUTE);

        f.seen(f.sadb.policyChanged(f.now(), ALICE, Policies.NONE));

        assertThat(k.told()).containsExactly(OFFERED, WITHDRAWN, OFFERED);
        assertThat(k.lastTold().policy()).isEmpty();
        k.pair("cc", "dd").by(k.accept()).supersedes(old).install();
        assertThat(f.sadb.openAcquires()).isZero();
    }

    @Test
    void aFailedRekeyKeepsTheOldPairAndSaysSo() {
        long ace = k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.pass(MINUTE);

        f.seen(f.sadb.decline(f.now(), ace, k.offered().sequence(), "the AS is away"));

        assertThat(k.told()).containsExactly(OFFERED, FAILED);
        assertThat(k.lastTold().replaces()).isEqualTo(old.inbound().pairId());
        assertThat(k.lastTold().reason()).contains("the AS is away");
        assertThat(k.now(old.outbound()).state()).isEqualTo(SaState.DYING);
        f.pass(Duration.ofMinutes(18));
        assertThat(k.lives(old.outbound())).isTrue();
        f.pass(MINUTE);
        assertThat(k.lives(old.outbound())).as("past its hard limit").isFalse();
    }

    @Test
    void aPairThatIsUsedOnIsAskedForAgainAfterTheHoldDown() {
        long ace = k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.pass(MINUTE);
        f.seen(f.sadb.decline(f.now(), ace, k.offered().sequence(), ""));

        f.pass(Duration.ofMillis(500));
        f.use(old.outbound(), 2, 2, 2);
        assertThat(k.all(Notice.Offered.class)).hasSize(1);
        f.pass(Duration.ofMillis(500));

        assertThat(k.all(Notice.Offered.class)).hasSize(2);
    }

    @Test
    void whatIsHeldDownHasNotFailedOnceMore() {
        long ace = k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.seen(f.sadb.soft(f.now(), old.inbound().id(), ExpireCause.SEQUENCE));
        f.seen(f.sadb.decline(f.now(), ace, k.offered().sequence(), ""));
        f.pass(Duration.ofMillis(300));
        f.use(old.outbound(), 2, 2, 2);

        f.seen(f.sadb.soft(f.now(), old.outbound().id(), ExpireCause.SEQUENCE));
        f.pass(Duration.ofMillis(700));

        assertThat(k.all(Notice.Offered.class))
                .as("asked again a second after the failure")
                .hasSize(2);
    }

    @Test
    void aKmpThatComesBackIsAskedForWhatFailedWithoutIt() {
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.pass(MINUTE);
        f.pass(Duration.ofMillis(10));
        f.use(old.outbound(), 2, 2, 2);

        k.register("ace");
        f.pass(Duration.ZERO);

        assertThat(k.all(Notice.Offered.class)).hasSize(1);
    }

    @Test
    void aSuccessorThatThePeerMadeEndsOurOwnAsking() {
        k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.pass(MINUTE);
        Origin ours = k.accept();

        InstalledPair theirs = k.pair("cc", "dd")
                .supersedes(old)
                .unconfirmed(PairRole.RESPONDER)
                .install();
        f.seen(f.sadb.confirmed(f.now(), theirs.inbound().id()));

        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, DONE);
        assertThat(k.last(Notice.Withdrawn.class).sequence()).isEqualTo(ours.acquireSequence());
        f.refused(
                SaError.STALE_ACQUIRE,
                () -> k.pair("ee", "ff").by(ours).supersedes(old).install());
    }

    @Test
    void aSuccessorThatIsNeverConfirmedIsAskedForAgain() {
        k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.pass(MINUTE);
        k.pair("cc", "dd")
                .by(k.accept())
                .supersedes(old)
                .unconfirmed(PairRole.INITIATOR)
                .install();

        f.pass(Duration.ofSeconds(93));
        f.use(old.outbound(), 2, 2, 2);
        f.pass(Duration.ofMillis(1));
        f.use(old.outbound(), 3, 3, 3);
        f.pass(Duration.ofSeconds(1));

        assertThat(k.all(Notice.Offered.class)).hasSize(2);
    }

    @Test
    void aSuccessorComesInTimeForAPairThatEndedMeanwhile() {
        k.register("ace");
        InstalledPair old = pair("aa", "bb");
        f.use(old.outbound(), 1, 1, 1);
        f.pass(MINUTE);
        Origin origin = k.accept();
        f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), SadbFixture.byId(old.inbound()), true));

        InstalledPair fresh = k.pair("cc", "dd").by(origin).supersedes(old).install();

        assertThat(fresh.inbound().supersedes()).isEqualTo(PairId.NONE);
        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, DONE);
    }

    @Test
    void softLimitsOfTimeComeAnyTimeInTheLastTenth() {
        SadbFixture chance = new SadbFixture(SadbBounds.MEMORY);
        Set<Long> when = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            SaParameters parameters = chance.inbound("aa" + String.format("%02x", i))
                    .withLifetime(softTime(Duration.ofSeconds(1000), Duration.ofSeconds(2000)));
            SadbEntry entry = chance.add(parameters);
            long soft = Lifetimes.nextDeadline(entry) - entry.addedNanos();
            assertThat(Duration.ofNanos(soft)).isBetween(Duration.ofSeconds(900), Duration.ofSeconds(1000));
            when.add(soft);
        }

        assertThat(when).hasSizeGreaterThan(20);
    }

    @Test
    void chanceNeverBringsASoftLimitBeforeTheHardOneItEquals() { // T14
        SadbFixture chance = new SadbFixture(SadbBounds.MEMORY);
        for (int i = 0; i < 20; i++) {
            chance.add(chance.inbound("aa" + String.format("%02x", i)).withLifetime(softTime(MINUTE, MINUTE)));
        }

        chance.pass(MINUTE);

        assertThat(chance.events)
                .filteredOn(SadbEvent.Expired.class::isInstance)
                .hasSize(20)
                .allSatisfy(
                        event -> assertThat(((SadbEvent.Expired) event).hard()).isTrue());
    }

    @Test
    void theEndOfATokenEndsItsSas() {
        k.register("ace");
        InstalledPair pair = k.pair(expiring("aa", Direction.INBOUND), expiring("bb", Direction.OUTBOUND))
                .install();
        f.use(pair.outbound(), 1, 1, 1);
        assertThat(pair.outbound().expires()).contains(SadbFixture.BORN.plusSeconds(100));

        f.pass(Duration.ofSeconds(89));
        assertThat(k.now(pair.outbound()).state()).isEqualTo(SaState.MATURE);
        f.pass(Duration.ofSeconds(1));
        assertThat(k.now(pair.outbound()).state()).isEqualTo(SaState.DYING);
        assertThat(k.all(Notice.Offered.class)).hasSize(1);
        f.pass(Duration.ofSeconds(10));

        assertThat(f.sadb.size()).isZero();
        assertThat(f.events)
                .filteredOn(event -> event instanceof SadbEvent.Expired)
                .hasSize(4)
                .allSatisfy(
                        event -> assertThat(((SadbEvent.Expired) event).cause()).isEqualTo(ExpireCause.TOKEN_EXPIRED));
    }

    @Test
    void aTokenThatHasEndedMakesNoSa() {
        f.pass(Duration.ofSeconds(100));

        f.refused(
                SaError.SA_EXPIRED,
                () -> f.sadb.add(f.now(), new Add(Origin.of(KMPD), expiring("aa", Direction.INBOUND), f.keys(), "")));
    }

    @Test
    void aTokenForAThousandYearsEndsNothing() {
        SaParameters forever =
                withRights(k.sa(Direction.INBOUND, "aa"), SadbFixture.BORN.plus(Duration.ofDays(365_000)));

        SadbEntry entry = f.seen(f.sadb.add(f.now(), new Add(Origin.of(KMPD), forever, f.keys(), "")))
                .reply();

        assertThat(entry.expires()).isEmpty();
    }

    private SaParameters expiring(String spi, Direction direction) {
        return withRights(k.sa(direction, spi), SadbFixture.BORN.plusSeconds(100));
    }

    private static SaParameters withRights(SaParameters p, Instant expires) {
        return new SaParameters(
                p.direction(),
                p.spi(),
                p.peer(),
                p.local(),
                p.identity(),
                p.suite(),
                p.version(),
                p.epoch(),
                p.content(),
                p.form(),
                p.connectionId(),
                p.window(),
                p.lifetime(),
                p.history(),
                new Rights("coaps://as.example", "sensor-1", "read", Octets.EMPTY, Optional.of(expires)),
                0);
    }

    @Test
    void theLikeOfAnIdentityIsThatIdentityAndNoOther() {
        Identity odd = new Identity("ace", IdentityType.TOKEN, "a*b\\c", "{host}*");
        SaParameters sa = SadbFixture.withIdentity(f.inbound("aa"), odd);

        IdentityPattern pattern =
                Proposal.like(sa, Optional.empty()).identities().get(0);

        assertThat(pattern.fits(odd, PEER)).isTrue();
        assertThat(pattern.fits(new Identity("ace", IdentityType.TOKEN, "aXb\\c", "{host}*"), PEER))
                .isFalse();
        assertThat(pattern.fits(new Identity("ace", IdentityType.TOKEN, "a*b\\c", "sensor-1*"), PEER))
                .isFalse();
        assertThat(pattern.fits(new Identity("ace", IdentityType.TOKEN, "a*b\\c", "{host}X"), PEER))
                .isFalse();
    }
}
