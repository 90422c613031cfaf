// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.BOB;
import static dev.samd.daemon.sadb.SadbFixture.PEER;
import static dev.samd.daemon.sadb.SadbFixture.byId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The verbs of RFC 2367, by the cases of the test catalogue (T…). */
class SadbVerbsTest {
    private final SadbFixture f = new SadbFixture();

    @Test
    void getSpiAndUpdateMakeALarvalSaMature() { // T1
        SadbEntry larval = f.getSpi();

        SadbEntry mature = f.seen(f.sadb.complete(
                        f.now(),
                        new Complete(
                                Origin.of(ALICE),
                                byId(larval),
                                f.inbound(larval.spi().toString()),
                                f.keys(),
                                "")))
                .reply();

        assertThat(larval.state()).isEqualTo(SaState.LARVAL);
        assertThat(larval.spi().length()).isEqualTo(4);
        assertThat(mature.id()).isEqualTo(larval.id());
        assertThat(mature.state()).isEqualTo(SaState.MATURE);
        assertThat(f.changes).hasSize(2).last().isInstanceOf(Change.Installed.class);
        assertThat(f.events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Reserved", "Updated");
        assertThat(f.events).extracting(SadbEvent::revision).containsExactly(1L, 2L);
    }

    @Test
    void everySaHasAnIdThatFitsADoubleAndGrowsWithTime() {
        SadbEntry first = f.add(f.inbound("01"));
        SadbEntry second = f.add(f.inbound("02"));

        assertThat(first.id().value()).isEqualTo((SadbFixture.BORN.getEpochSecond() << 20) + 1);
        assertThat(second.id().value()).isEqualTo(first.id().value() + 1).isLessThan(1L << 53);
    }

    @Test
    void larvalSaIsRemovedAfterThirtySecondsAndNotBefore() { // T3
        SadbEntry larval = f.getSpi();

        f.pass(Duration.ofSeconds(30).minusNanos(1));
        assertThat(f.sadb.get(byId(larval)).state()).isEqualTo(SaState.LARVAL);

        f.pass(Duration.ofNanos(1));
        f.refused(SaError.NO_SUCH_SA, () -> f.sadb.get(byId(larval)));
        assertThat(f.lastEvent()).isInstanceOfSatisfying(SadbEvent.Expired.class, e -> {
            assertThat(e.hard()).isTrue();
            assertThat(e.entry().state()).isEqualTo(SaState.DEAD);
        });
        assertThat(f.changes).last().isInstanceOfSatisfying(Change.Ended.class, c -> assertThat(c.installed())
                .isFalse());
    }

    @Test
    void keysOfAMatureSaCannotChange() { // T4
        SadbEntry entry = f.add(f.inbound("aa01"));

        f.refused(
                SaError.IMMUTABLE,
                () -> f.sadb.complete(
                        f.now(), new Complete(Origin.of(ALICE), byId(entry), f.inbound("aa01"), f.keys(), "")));
    }

    @Test
    void nothingButTheLifetimeOfAMatureSaCanChange() { // T35
        SadbEntry entry = f.add(f.inbound("aa01"));
        SaParameters same = f.inbound("aa01");
        List<SaParameters> others = List.of(
                SadbFixture.withContent(same, Content.MESSAGE, Form.DRAFT_EXACT),
                SadbFixture.withContent(same, Content.RAW, Form.NONE),
                SadbFixture.withEpoch(same, 2),
                SadbFixture.withHistory(same, History.everythingSeenBelow(5)),
                SadbFixture.withLocal(same, "coap://here"),
                SadbFixture.withIdentity(same, Identity.manual("mallory")),
                SadbFixture.withSuite(same, CipherSuite.TLS_PSK_WITH_AES_128_CCM),
                f.outbound("aa01"));

        for (SaParameters other : others) {
            f.refused(
                    SaError.IMMUTABLE,
                    () -> f.sadb.changeLifetime(
                            f.now(), new ChangeLifetime(Origin.of(ALICE), byId(entry), other, Lifetime.UNLIMITED)));
        }
        Step<SadbEntry> step = f.seen(f.sadb.changeLifetime(
                f.now(),
                new ChangeLifetime(
                        Origin.of(ALICE),
                        byId(entry),
                        same,
                        SadbFixture.softTime(Duration.ofHours(1), Duration.ofHours(2)))));
        assertThat(step.reply().parameters().orElseThrow().lifetime().hard().addTime())
                .isEqualTo(Duration.ofHours(2));
        assertThat(step.changes()).singleElement().isInstanceOf(Change.Relimited.class);
    }

    @Test
    void updateOfALarvalSaWithoutKeysIsRefused() {
        SadbEntry larval = f.getSpi();

        f.refused(
                SaError.WRONG_STATE,
                () -> f.sadb.changeLifetime(
                        f.now(), new ChangeLifetime(Origin.of(ALICE), byId(larval), null, Lifetime.UNLIMITED)));
    }

    @Test
    void onlyThePrincipalOfTheGetSpiCompletesAndOnlyWhatWasReserved() {
        SadbEntry larval = f.getSpi();
        SaParameters right = f.inbound(larval.spi().toString());

        f.refused(
                SaError.NOT_PERMITTED,
                () -> f.sadb.complete(f.now(), new Complete(Origin.of(BOB), byId(larval), right, f.keys(), "")));
        f.refused(
                SaError.IMMUTABLE,
                () -> f.sadb.complete(
                        f.now(), new Complete(Origin.of(ALICE), byId(larval), f.inbound("bb"), f.keys(), "")));
        f.refused(
                SaError.IMMUTABLE,
                () -> f.sadb.complete(
                        f.now(),
                        new Complete(
                                Origin.of(ALICE),
                                byId(larval),
                                SadbFixture.withLocal(right, "coap://here"),
                                f.keys(),
                                "")));
    }

    @Test
    void aSecondSaOfAnInboundSpiIsRefusedAndItsKeysAreClosed() { // T5
        f.add(f.inbound("aa01"));
        TrafficKeys keys = f.keys();

        f.refused(SaError.SPI_IN_USE, () -> f.add(f.inbound("aa01"), keys, ""));

        assertThat(keys.key().borrow()).isNull();
    }

    @Test
    void aSecondOutboundSaOfOnePeerIdentityAndSpiIsRefused() { // T5
        f.add(f.outbound("aa01"));

        f.refused(SaError.SA_EXISTS, () -> f.add(f.outbound("aa01")));
    }

    @Test
    void keysOfTheWrongLengthAreRefused() {
        SaParameters gcm256 = SadbFixture.withSuite(f.inbound("aa"), CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384);

        f.refused(SaError.INVALID_KEY, () -> f.add(gcm256));
    }

    @Test
    void deleteOfAnUnknownSaIsRefused() { // T7
        f.refused(
                SaError.NO_SUCH_SA,
                () -> f.sadb.delete(f.now(), SadbCaller.of(ALICE), new SaSelector.ById(new SaId(12)), false));
        f.refused(
                SaError.NO_SUCH_SA,
                () -> f.sadb.delete(f.now(), SadbCaller.of(ALICE), new SaSelector.Inbound(Spi.ofHex("aa")), false));
        f.refused(
                SaError.NO_SUCH_SA,
                () -> f.sadb.delete(
                        f.now(), SadbCaller.of(ALICE), new SaSelector.Outbound(PEER, Spi.ofHex("aa")), false));
    }

    @Test
    void flushEndsWhatFitsAndTellsOfEachAndOfAll() { // T17
        SadbEntry in = f.add(f.inbound("aa"));
        SadbEntry out = f.add(f.outbound("bb"));
        f.events.clear();

        SaFilter inbound = new SaFilter(null, Direction.INBOUND, null, null);
        long ended = f.seen(f.sadb.flush(f.now(), BOB, inbound)).reply();

        assertThat(ended).isEqualTo(1);
        assertThat(f.sadb.dump(SaFilter.ALL).entries())
                .extracting(SadbEntry::id)
                .containsExactly(out.id());
        assertThat(f.events).hasSize(2);
        assertThat(f.events.get(0)).isInstanceOfSatisfying(SadbEvent.Deleted.class, e -> {
            assertThat(e.entry().id()).isEqualTo(in.id());
            assertThat(e.principal()).isEqualTo(BOB);
        });
        assertThat(f.events.get(1)).isInstanceOfSatisfying(SadbEvent.Flushed.class, e -> assertThat(e.count())
                .isEqualTo(1));
    }

    @Test
    void flushOfNothingIsASuccess() { // T17
        assertThat(f.seen(f.sadb.flush(f.now(), ALICE, SaFilter.ALL)).reply()).isZero();
        assertThat(f.events).singleElement().isInstanceOf(SadbEvent.Flushed.class);
    }

    @Test
    void aDumpIsWhatTheDatabaseWasAtItsRevision() { // T18, T47
        SadbEntry first = f.add(f.inbound("aa"));
        SadbEntry second = f.add(f.outbound("bb"));

        Snapshot snapshot = f.sadb.dump(SaFilter.ALL);
        f.delete(first);
        f.add(f.inbound("cc"));

        assertThat(snapshot.cursor().revision()).isEqualTo(2);
        assertThat(snapshot.entries()).extracting(SadbEntry::id).containsExactly(first.id(), second.id());
        assertThat(snapshot.entries()).allSatisfy(entry -> {
            assertThat(entry.state()).isEqualTo(SaState.MATURE);
            assertThat(entry.revision()).isLessThanOrEqualTo(snapshot.cursor().revision());
        });
    }

    @Test
    void aDumpOfAnEmptyDatabaseIsEmpty() {
        assertThat(f.sadb.dump(SaFilter.ALL).entries()).isEmpty();
    }

    @Test
    void aDumpShowsWhatFitsEveryFieldOfTheFilter() {
        SadbEntry larval = f.getSpi();
        SadbEntry in = f.add(SadbFixture.withLocal(f.inbound("aa"), "coap://here"));
        SadbEntry out = f.add(f.outbound("bb"));
        Endpoint stranger = Endpoint.parse("coap://stranger");

        assertThat(f.sadb.dump(new SaFilter(PEER, null, null, null)).entries()).hasSize(3);
        assertThat(f.sadb.dump(new SaFilter(stranger, null, null, null)).entries())
                .isEmpty();
        assertThat(f.sadb.dump(new SaFilter(null, null, SaState.LARVAL, null)).entries())
                .extracting(SadbEntry::id)
                .containsExactly(larval.id());
        assertThat(f.sadb.dump(new SaFilter(null, null, null, new Endpoint("coap://here")))
                        .entries())
                .extracting(SadbEntry::id)
                .containsExactly(in.id());
        assertThat(f.sadb.dump(new SaFilter(PEER, Direction.OUTBOUND, SaState.MATURE, Endpoint.HOST_WIDE))
                        .entries())
                .extracting(SadbEntry::id)
                .containsExactly(out.id());
    }

    @Test
    void anAnswerToAnAcquireThatIsNotOpenInstallsNothing() { // T27
        Origin stale = new Origin(ALICE, Octets.EMPTY, 77, Octets.EMPTY);

        f.refused(
                SaError.STALE_ACQUIRE, () -> f.sadb.getSpi(f.now(), new GetSpi(stale, PEER, Endpoint.HOST_WIDE, null)));
        f.refused(SaError.STALE_ACQUIRE, () -> f.sadb.add(f.now(), new Add(stale, f.inbound("aa"), f.keys(), "")));
        f.refused(
                SaError.STALE_ACQUIRE,
                () -> f.sadb.installPair(
                        f.now(),
                        new InstallPair(stale, f.inbound("aa"), f.keys(), f.outbound("bb"), f.keys(), PairId.NONE)));
    }

    @Test
    void aDatabaseThatIsFullSaysSo() {
        SadbFixture small = new SadbFixture(new SadbBounds(2, 3, 10, 1, 1));
        small.add(small.inbound("aa"));

        small.refused(SaError.TOO_MANY, () -> small.installPair("bb", "cc"));
        small.add(small.inbound("bb"));
        small.refused(SaError.TOO_MANY, small::getSpi);
    }

    @Test
    void twoPeersMayChooseOneOutboundSpiAndOneOfOurs() { // T33
        Endpoint other = Endpoint.parse("coap://sensor-2");
        SadbEntry ours = f.add(f.inbound("aa01"));
        SadbEntry first = f.add(f.outbound("aa01"));
        SadbEntry second = f.add(
                SadbFixture.parameters(Direction.OUTBOUND, "aa01", other, new History.Fresh(), Lifetime.UNLIMITED));

        assertThat(f.sadb.get(new SaSelector.Inbound(Spi.ofHex("aa01"))).id()).isEqualTo(ours.id());
        assertThat(f.sadb.get(new SaSelector.Outbound(PEER, Spi.ofHex("aa01"))).id())
                .isEqualTo(first.id());
        assertThat(f.sadb.get(new SaSelector.Outbound(other, Spi.ofHex("aa01"))).id())
                .isEqualTo(second.id());
    }

    @Test
    void aNameOfSeveralSasIsRefusedWithTheCandidates() { // T33
        SadbEntry first = f.add(SadbFixture.withIdentity(f.outbound("aa01"), Identity.manual("one")));
        SadbEntry second = f.add(SadbFixture.withIdentity(f.outbound("aa01"), Identity.manual("two")));
        SaSelector ambiguous = new SaSelector.Outbound(PEER, Spi.ofHex("aa01"));

        assertThat(f.refused(SaError.AMBIGUOUS_SA, () -> f.sadb.get(ambiguous)).subject())
                .isEqualTo(first.id() + ", " + second.id());
        f.delete(first);
        assertThat(f.sadb.get(ambiguous).id()).isEqualTo(second.id());
    }

    @Test
    void withoutConnectionIdOneInboundSaServesARoute() {
        SaParameters one = SadbFixture.withoutConnectionId(f.inbound("01"));
        SadbEntry entry = f.add(one);

        f.refused(SaError.SA_EXISTS, () -> f.add(SadbFixture.withoutConnectionId(f.inbound("02"))));
        f.add(SadbFixture.withLocal(SadbFixture.withoutConnectionId(f.inbound("03")), "coap://elsewhere"));
        f.delete(entry);
        f.add(SadbFixture.withoutConnectionId(f.inbound("04")));
        assertThat(f.sadb.size()).isEqualTo(2);
    }
}
