// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.BOB;
import static dev.samd.daemon.sadb.SadbFixture.PEER;
import static dev.samd.daemon.sadb.SadbFixture.byId;
import static dev.samd.daemon.sadb.SadbFixture.softTime;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.History;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.SaError;
import dev.samd.sa.SaState;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Soft and hard limits of time and of use, and the states they lead to. */
class SadbLifetimesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final SadbFixture f = new SadbFixture();

    @Test
    void softComesFirstAndThenHardEachExactlyOnce() { // T13
        SadbEntry entry = add(softTime(MINUTE, HOUR));

        f.pass(MINUTE);
        assertThat(f.sadb.get(byId(entry)).state()).isEqualTo(SaState.DYING);
        assertExpired(false, ExpireCause.TIME);
        f.pass(HOUR);

        assertExpired(true, ExpireCause.TIME);
        assertThat(f.events).filteredOn(SadbEvent.Expired.class::isInstance).hasSize(2);
        f.refused(SaError.NO_SUCH_SA, () -> f.sadb.get(byId(entry)));
        assertThat(f.changes)
                .extracting(c -> c.getClass().getSimpleName())
                .containsExactly("Installed", "Aged", "Ended");
    }

    @Test
    void hardAloneHappensWhereSoftIsAtTheSameTime() { // T14
        add(softTime(MINUTE, MINUTE));

        f.pass(MINUTE);

        assertThat(f.events).filteredOn(SadbEvent.Expired.class::isInstance).hasSize(1);
        assertExpired(true, ExpireCause.TIME);
    }

    @Test
    void softNeverHappensBehindHard() { // T15
        add(softTime(HOUR, MINUTE));

        f.pass(MINUTE);
        f.pass(HOUR);

        assertThat(f.events).filteredOn(SadbEvent.Expired.class::isInstance).hasSize(1);
        assertExpired(true, ExpireCause.TIME);
    }

    @Test
    void hardWinsWhenBothAreFoundLate() {
        add(softTime(MINUTE, Duration.ofMinutes(2)));

        f.pass(HOUR);

        assertThat(f.events).filteredOn(SadbEvent.Expired.class::isInstance).hasSize(1);
        assertExpired(true, ExpireCause.TIME);
    }

    @Test
    void useTimeBeginsWithTheFirstUse() { // T16
        Lifetime use = new Lifetime(
                new Limits(Duration.ZERO, MINUTE, 0, 0, 0), new Limits(Duration.ZERO, Duration.ofMinutes(2), 0, 0, 0));
        SadbEntry entry = add(use);
        f.pass(HOUR);
        assertThat(f.sadb.get(byId(entry)).state()).isEqualTo(SaState.MATURE);

        f.seen(f.sadb.used(f.now(), entry.id(), f.nanos));
        f.seen(f.sadb.used(f.now(), entry.id(), f.nanos + 1));
        f.pass(MINUTE);
        assertExpired(false, ExpireCause.USE_TIME);
        f.pass(MINUTE);

        assertExpired(true, ExpireCause.USE_TIME);
    }

    @Test
    void softLimitsOfTheEngineMakeAnSaDyingOnce() {
        SadbEntry entry = add(records(10, 20));

        assertThat(f.seen(f.sadb.soft(f.now(), entry.id(), ExpireCause.RECORDS)).reply())
                .isTrue();
        assertThat(f.seen(f.sadb.soft(f.now(), entry.id(), ExpireCause.OCTETS)).reply())
                .isFalse();

        assertExpired(false, ExpireCause.RECORDS);
    }

    @Test
    void aSoftLimitThatEqualsTheHardOneIsNotTold() { // T14
        SadbEntry entry = add(records(20, 20));

        assertThat(f.sadb.soft(f.now(), entry.id(), ExpireCause.RECORDS).events())
                .isEmpty();
        f.seen(f.sadb.hard(f.now(), entry.id(), ExpireCause.RECORDS));

        assertExpired(true, ExpireCause.RECORDS);
    }

    @Test
    void hardLimitsOfTheEngineEndAnSa() {
        for (ExpireCause cause : EnumSet.of(ExpireCause.RECORDS, ExpireCause.OCTETS, ExpireCause.SEQUENCE)) {
            SadbEntry entry = add(Lifetime.UNLIMITED);

            f.seen(f.sadb.hard(f.now(), entry.id(), cause));

            assertExpired(true, cause);
            assertThat(f.sadb.size()).isZero();
        }
    }

    @Test
    void theForgeryLimitStopsOpeningAndEndsNothing() {
        SadbEntry entry = add(Lifetime.UNLIMITED);
        int changes = f.changes.size();

        f.seen(f.sadb.hard(f.now(), entry.id(), ExpireCause.FORGERY));
        Step<Boolean> again = f.sadb.hard(f.now(), entry.id(), ExpireCause.FORGERY);

        assertExpired(true, ExpireCause.FORGERY);
        assertThat(again.events()).isEmpty();
        assertThat(f.changes).hasSize(changes);
        assertThat(f.sadb.get(byId(entry)).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void theAlarmChangesNothingAndIsTold() {
        SadbEntry entry = add(Lifetime.UNLIMITED);

        f.seen(f.sadb.alarm(f.now(), entry.id()));

        assertThat(f.lastEvent()).isInstanceOf(SadbEvent.Alarmed.class);
        assertThat(f.lastEvent().revision()).isEqualTo(f.sadb.cursor().revision());
        assertThat(f.sadb.get(byId(entry)).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void limitsOfAnSaThatIsGoneAreIgnored() {
        SadbEntry entry = add(Lifetime.UNLIMITED);
        f.delete(entry);

        assertThat(f.sadb.soft(f.now(), entry.id(), ExpireCause.RECORDS).reply())
                .isFalse();
        assertThat(f.sadb.hard(f.now(), entry.id(), ExpireCause.RECORDS).reply())
                .isFalse();
        assertThat(f.sadb.alarm(f.now(), entry.id()).reply()).isFalse();
    }

    @Test
    void aSoftLimitRaisedAboveTheUsageBringsADyingSaBack() { // T35
        SadbEntry entry = add(records(10, 100));
        f.use(entry, 10, 0, 10);
        f.sadb.soft(f.now(), entry.id(), ExpireCause.RECORDS);

        assertThat(change(entry, records(10, 200)).state()).isEqualTo(SaState.DYING);
        assertThat(change(entry, records(11, 200)).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void aSoftTimeRaisedBringsADyingSaBackUntilItComesAgain() { // T35
        SadbEntry entry = add(softTime(MINUTE, HOUR));
        f.pass(MINUTE);

        assertThat(change(entry, softTime(MINUTE.multipliedBy(2), HOUR)).state())
                .isEqualTo(SaState.MATURE);
        f.pass(MINUTE);

        assertThat(f.sadb.get(byId(entry)).state()).isEqualTo(SaState.DYING);
    }

    @Test
    void aLifetimeThatIsLoweredIsMetAtOnce() {
        SadbEntry entry = add(Lifetime.UNLIMITED);
        f.pass(HOUR);

        change(entry, softTime(Duration.ZERO, MINUTE));
        f.pass(Duration.ZERO);

        assertExpired(true, ExpireCause.TIME);
    }

    @Test
    void aLifetimeOfAnotherPrincipalCannotBeChanged() {
        SadbEntry entry = add(Lifetime.UNLIMITED);

        f.refused(
                SaError.NOT_PERMITTED,
                () -> f.sadb.changeLifetime(
                        f.now(), new ChangeLifetime(Origin.of(BOB), byId(entry), null, Lifetime.UNLIMITED)));
    }

    @Test
    void theNextDeadlineIsThatOfTheFirstSa() {
        assertThat(f.sadb.nextDeadline()).isEmpty();

        add(softTime(HOUR, Duration.ZERO));
        add(softTime(MINUTE, Duration.ZERO));

        assertThat(f.sadb.nextDeadline()).contains(f.nanos + MINUTE.toNanos());
    }

    @Test
    void manyChangesOfALifetimeLeaveNoTrailOfDeadlines() {
        SadbEntry entry = add(softTime(MINUTE, HOUR));
        for (int i = 1; i <= 5000; i++) {
            change(entry, softTime(MINUTE, HOUR.plusSeconds(i)));
        }

        f.pass(MINUTE);
        f.pass(HOUR.plusSeconds(5000));

        assertThat(f.events).filteredOn(SadbEvent.Expired.class::isInstance).hasSize(2);
    }

    @Test
    void aFloodOfExpiriesIsCarriedOutInPieces() {
        for (int i = 0; i < 1500; i++) {
            f.add(SadbFixture.parameters(
                    Direction.INBOUND,
                    String.format("%08x", i + 1),
                    PEER,
                    new History.Fresh(),
                    softTime(Duration.ZERO, MINUTE)));
        }

        assertThat(f.pass(MINUTE).reply()).isEqualTo(1024);
        assertThat(f.sadb.nextDeadline().orElseThrow() - f.nanos).isNotPositive();
        assertThat(f.pass(Duration.ZERO).reply()).isEqualTo(476);
        assertThat(f.sadb.size()).isZero();
    }

    @Test
    void theTimeOfExpiryIsShownOnTheWallClock() {
        SadbEntry entry = add(softTime(MINUTE, HOUR));

        assertThat(entry.expires()).contains(SadbFixture.BORN.plus(HOUR));
        assertThat(add(Lifetime.UNLIMITED).expires()).isEmpty();
        assertThat(f.getSpi().expires()).contains(SadbFixture.BORN.plusSeconds(30));
    }

    private SadbEntry add(Lifetime lifetime) {
        String spi = String.format("%08x", f.changes.size() + 1);
        return f.add(SadbFixture.parameters(Direction.INBOUND, spi, PEER, new History.Fresh(), lifetime));
    }

    private SadbEntry change(SadbEntry entry, Lifetime lifetime) {
        return f.seen(f.sadb.changeLifetime(f.now(), new ChangeLifetime(Origin.of(ALICE), byId(entry), null, lifetime)))
                .reply();
    }

    private static Lifetime records(long soft, long hard) {
        return new Lifetime(Limits.NONE.withRecords(soft), Limits.NONE.withRecords(hard));
    }

    private void assertExpired(boolean hard, ExpireCause cause) {
        assertThat(f.lastEvent()).isInstanceOfSatisfying(SadbEvent.Expired.class, e -> {
            assertThat(e.hard()).isEqualTo(hard);
            assertThat(e.cause()).isEqualTo(cause);
            assertThat(e.principal()).isEmpty();
        });
    }
}
