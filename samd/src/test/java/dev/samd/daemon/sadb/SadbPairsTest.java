// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.BOB;
import static dev.samd.daemon.sadb.SadbFixture.byId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.engine.RecordEngine;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.TrafficKeys;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pairs: by InstallPair, by name, superseded, ended together and one by one. */
class SadbPairsTest {
    private final SadbFixture f = new SadbFixture();

    @Test
    void installPairMakesBothInOneStepWithConsecutiveEvents() { // T31
        Step<InstalledPair> step = f.sadb.installPair(
                f.now(),
                new InstallPair(Origin.of(ALICE), f.inbound("aa"), f.keys(), f.outbound("bb"), f.keys(), PairId.NONE));

        SadbEntry in = step.reply().inbound();
        SadbEntry out = step.reply().outbound();
        assertThat(in.pairId()).isEqualTo(out.pairId()).isNotEqualTo(PairId.NONE);
        assertThat(in.partner()).contains(out.id());
        assertThat(out.partner()).contains(in.id());
        assertThat(f.sadb.get(byId(in)).partner()).contains(out.id());
        assertThat(step.events()).extracting(SadbEvent::revision).containsExactly(1L, 2L);
        assertThat(SadbFixture.forEngine(step)).hasSize(2).allSatisfy(change -> assertThat(change)
                .isInstanceOfSatisfying(Change.Installed.class, i -> {
                    assertThat(i.sa().pair()).isEqualTo(in.pairId());
                    assertThat(i.entry().scope()).containsExactly(SadbFixture.PEER);
                }));
    }

    @Test
    void spiReservedWithoutAnAcquireMayTurnOutToBeOfAnotherPeer() {
        Endpoint unknown = Endpoint.parse("coap://unknown.codtls");
        SadbEntry larval = f.seen(
                        f.sadb.getSpi(f.now(), new GetSpi(Origin.of(ALICE), unknown, Endpoint.HOST_WIDE, null)))
                .reply();
        String spi = larval.spi().toString();

        InstalledPair pair = f.installPair(spi, "bb");

        assertThat(pair.inbound().id()).isEqualTo(larval.id());
        assertThat(pair.inbound().peer()).isEqualTo(SadbFixture.PEER);
        assertThat(f.sadb.get(byId(pair.inbound())).peer()).isEqualTo(SadbFixture.PEER);
        assertThat(f.delete(pair.inbound())).contains(larval.id());
        f.getSpi();
    }

    @Test
    void installPairCompletesTheReservedSpi() {
        SadbEntry larval = f.getSpi();

        InstalledPair pair = f.installPair(larval.spi().toString(), "bb");

        assertThat(pair.inbound().id()).isEqualTo(larval.id());
        assertThat(f.sadb.size()).isEqualTo(2);
        f.pass(Duration.ofSeconds(31));
        assertThat(f.sadb.get(byId(larval)).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void installPairTakesNothingWhenItsSecondHalfIsRefused() { // T31
        f.add(f.outbound("bb"));
        TrafficKeys inKeys = f.keys();
        TrafficKeys outKeys = f.keys();

        f.refused(
                SaError.SA_EXISTS,
                () -> f.sadb.installPair(
                        f.now(),
                        new InstallPair(
                                Origin.of(ALICE), f.inbound("aa"), inKeys, f.outbound("bb"), outKeys, PairId.NONE)));

        assertThat(inKeys.key().borrow()).isNull();
        assertThat(outKeys.key().borrow()).isNull();
        f.add(f.inbound("aa"), SadbFixture.keys(2), "");
    }

    @Test
    void installPairOfAnothersReservationIsRefused() {
        SadbEntry larval = f.getSpi();
        SaParameters in = f.inbound(larval.spi().toString());

        f.refused(
                SaError.NOT_PERMITTED,
                () -> f.sadb.installPair(
                        f.now(),
                        new InstallPair(Origin.of(BOB), in, f.keys(), f.outbound("bb"), f.keys(), PairId.NONE)));
    }

    @Test
    void installPairOfTwoInboundSasIsRefused() {
        f.refused(
                SaError.MALFORMED,
                () -> f.sadb.installPair(
                        f.now(),
                        new InstallPair(
                                Origin.of(ALICE), f.inbound("aa"), f.keys(), f.inbound("bb"), f.keys(), PairId.NONE)));
    }

    @Test
    void theSameRequestIdGetsTheSameAnswerAndTouchesNothing() { // T31
        Origin origin = new Origin(ALICE, Octets.ofHex("0102"), 0, Octets.EMPTY);
        InstalledPair first =
                f.sadb.installPair(f.now(), pairOf(origin, "aa", 1, 2)).reply();
        Cursor cursor = f.sadb.cursor();

        Step<InstalledPair> again = f.sadb.installPair(f.now(), pairOf(origin, "aa", 1, 2));

        assertThat(again.reply()).isEqualTo(first);
        assertThat(again.changes()).isEmpty();
        assertThat(again.events()).isEmpty();
        assertThat(f.sadb.cursor()).isEqualTo(cursor);
        f.refused(SaError.REQUEST_ID_REUSED, () -> f.sadb.installPair(f.now(), pairOf(origin, "ac", 1, 2)));
        f.refused(SaError.REQUEST_ID_REUSED, () -> f.sadb.installPair(f.now(), pairOf(origin, "aa", 1, 3)));
        f.refused(
                SaError.REQUEST_ID_REUSED,
                () -> f.sadb.add(f.now(), new Add(origin, f.inbound("aa"), SadbFixture.keys(1), "")));
    }

    @Test
    void requestIdsOfTwoPrincipalsAreNotOne() {
        Octets requestId = Octets.ofHex("01");

        f.sadb.add(f.now(), new Add(new Origin(ALICE, requestId, 0, Octets.EMPTY), f.inbound("aa"), f.keys(), ""));
        f.sadb.add(f.now(), new Add(new Origin(BOB, requestId, 0, Octets.EMPTY), f.inbound("bb"), f.keys(), ""));

        assertThat(f.sadb.size()).isEqualTo(2);
    }

    @Test
    void oldRequestIdsAreForgottenFirst() {
        SadbFixture small = new SadbFixture(new SadbBounds(10, 10, 1, 1, 1));
        Origin first = new Origin(ALICE, Octets.ofHex("01"), 0, Octets.EMPTY);
        Origin second = new Origin(ALICE, Octets.ofHex("02"), 0, Octets.EMPTY);
        small.sadb.add(small.now(), new Add(first, small.inbound("aa"), SadbFixture.keys(1), ""));
        small.sadb.add(small.now(), new Add(second, small.inbound("bb"), SadbFixture.keys(2), ""));

        small.refused(
                SaError.SPI_IN_USE,
                () -> small.sadb.add(small.now(), new Add(first, small.inbound("aa"), SadbFixture.keys(1), "")));
        assertThat(small.sadb
                        .add(small.now(), new Add(second, small.inbound("bb"), SadbFixture.keys(2), ""))
                        .changes())
                .isEmpty();
    }

    private InstallPair pairOf(Origin origin, String in, int inKey, int outKey) {
        return new InstallPair(
                origin,
                f.inbound(in),
                SadbFixture.keys(inKey),
                f.outbound("bb"),
                SadbFixture.keys(outKey),
                PairId.NONE);
    }

    @Test
    void sasOfOneNameFormAPairAndAThirdIsRefused() {
        SadbEntry in = f.add(f.inbound("aa"), f.keys(), "door");
        SadbEntry out = f.add(f.outbound("bb"), f.keys(), "door");

        assertThat(out.pairId()).isEqualTo(in.pairId());
        assertThat(out.pairName()).isEqualTo("door");
        assertThat(f.sadb.get(byId(in)).partner()).contains(out.id());
        f.refused(SaError.SA_EXISTS, () -> f.add(f.outbound("cc"), f.keys(), "door"));
        f.refused(SaError.SA_EXISTS, () -> f.add(f.inbound("cc"), f.keys(), "door"));
    }

    @Test
    void namesOfPairsBelongToTheirPrincipals() {
        SadbEntry alices = f.add(f.inbound("aa"), f.keys(), "door");

        SadbEntry bobs = f.sadb.add(f.now(), new Add(Origin.of(BOB), f.inbound("bb"), f.keys(), "door"))
                .reply();

        assertThat(bobs.pairId()).isNotEqualTo(alices.pairId());
    }

    @Test
    void sasThatDifferInIdentityLocalContentOrFormAreNoPair() {
        f.add(f.inbound("aa"), f.keys(), "door");
        SaParameters out = f.outbound("bb");

        f.refused(
                SaError.MALFORMED,
                () -> f.add(SadbFixture.withIdentity(out, Identity.manual("other")), f.keys(), "door"));
        f.refused(SaError.MALFORMED, () -> f.add(SadbFixture.withLocal(out, "coap://here"), f.keys(), "door"));
        f.refused(
                SaError.WRONG_CONTENT,
                () -> f.add(SadbFixture.withContent(out, Content.RAW, Form.NONE), f.keys(), "door"));
        f.refused(
                SaError.WRONG_CONTENT,
                () -> f.add(SadbFixture.withContent(out, Content.MESSAGE, Form.DRAFT_EXACT), f.keys(), "door"));
    }

    @Test
    void aNameIsFreeAgainWhenBothSasAreGone() {
        SadbEntry in = f.add(f.inbound("aa"), f.keys(), "door");
        SadbEntry out = f.add(f.outbound("bb"), f.keys(), "door");
        f.delete(in);
        f.refused(SaError.SA_EXISTS, () -> f.add(f.inbound("cc"), f.keys(), "door"));
        f.delete(out);

        SadbEntry next = f.add(f.inbound("cc"), f.keys(), "door");

        assertThat(next.pairId()).isNotEqualTo(in.pairId());
    }

    @Test
    void deleteOfAPairEndsBothAndSealsOneCloseNotify() { // T32
        InstalledPair pair = f.installPair("aa", "bb");
        f.changes.clear();

        List<SaId> ended = f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), byId(pair.inbound()), true))
                .reply();

        assertThat(ended).containsExactly(pair.inbound().id(), pair.outbound().id());
        assertThat(f.changes).extracting(c -> ((Change.Ended) c).closeNotify()).containsExactly(false, true);
        assertThat(f.sadb.size()).isZero();
    }

    @Test
    void deleteOfOneSideLeavesTheOtherWithoutPartner() { // T32
        InstalledPair pair = f.installPair("aa", "bb");

        f.delete(pair.outbound());

        assertThat(f.changes).last().isInstanceOfSatisfying(Change.Ended.class, c -> assertThat(c.closeNotify())
                .isTrue());
        assertThat(f.sadb.get(byId(pair.inbound())).partner()).isEmpty();
    }

    @Test
    void anOutboundSaWhosePairIsBrokenSealsNoCloseNotify() {
        InstalledPair pair = f.installPair("aa", "bb");
        f.delete(pair.inbound());

        f.delete(pair.outbound());

        assertThat(f.changes).last().isInstanceOfSatisfying(Change.Ended.class, c -> assertThat(c.closeNotify())
                .isFalse());
    }

    @Test
    void aPairSupersedesOneOfTheSameIdentityAndLocalEndpointOnly() {
        InstalledPair old = f.installPair("aa", "bb");
        PairId oldId = old.inbound().pairId();

        InstalledPair young = f.installPair("ac", "bd", oldId);

        assertThat(young.outbound().supersedes()).isEqualTo(oldId);
        f.refused(SaError.NO_SUCH_SA, () -> f.installPair("ae", "be", new PairId(3)));
        SaParameters in = SadbFixture.withLocal(f.inbound("ae"), "coap://here");
        SaParameters out = SadbFixture.withLocal(f.outbound("be"), "coap://here");
        f.refused(
                SaError.MALFORMED,
                () -> f.sadb.installPair(
                        f.now(), new InstallPair(Origin.of(ALICE), in, f.keys(), out, f.keys(), oldId)));
    }

    @Test
    void theSpiOfASupersededPairStaysTakenWhileTheChainLives() {
        InstalledPair first = f.installPair("aa", "b1");
        InstalledPair second = f.installPair("ab", "b2", first.inbound().pairId());
        InstalledPair third = f.installPair("ac", "b3", second.inbound().pairId());
        f.sadb.delete(f.now(), SadbCaller.of(ALICE), byId(first.inbound()), true);
        f.sadb.delete(f.now(), SadbCaller.of(ALICE), byId(second.inbound()), true);
        f.pass(Duration.ofSeconds(1000));

        f.refused(SaError.SPI_IN_USE, () -> f.add(f.inbound("aa")));
        f.refused(SaError.SPI_IN_USE, () -> f.add(f.inbound("ab")));
        f.sadb.delete(f.now(), SadbCaller.of(ALICE), byId(third.inbound()), true);
        f.pass(Duration.ofSeconds(247));

        f.add(f.inbound("aa"));
        f.add(f.inbound("ab"));
        f.add(f.inbound("ac"));
        assertThat(f.sadb.size()).isEqualTo(3);
    }

    @Test
    void anSpiIsFreeAgainWhenSoManyPairsCameAfterItThatNobodyRefersToIt() {
        InstalledPair pair = f.installPair("00000001", "f0000001");
        int last = RecordEngine.CHAIN + 1;
        for (int i = 2; i <= last; i++) {
            pair = f.installPair(
                    String.format("%08x", i),
                    String.format("f%07x", i),
                    pair.inbound().pairId());
            f.pass(Duration.ofSeconds(200));
        }
        f.pass(Duration.ofMinutes(10));
        assertThat(f.sadb.size()).isEqualTo(2);
        f.refused(SaError.SPI_IN_USE, () -> f.installPair("00000001", "f1000001"));

        f.installPair("00010000", "f0010000", pair.inbound().pairId());
        f.pass(SpiSet.QUARANTINE);

        f.installPair("00000001", "f1000001");
        f.refused(SaError.SPI_IN_USE, () -> f.installPair("00000002", "f1000002"));
    }
}
