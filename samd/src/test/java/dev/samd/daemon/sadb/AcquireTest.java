// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.AcquireView.State.CLAIMED;
import static dev.samd.daemon.sadb.AcquireView.State.DONE;
import static dev.samd.daemon.sadb.AcquireView.State.FAILED;
import static dev.samd.daemon.sadb.AcquireView.State.NEXT;
import static dev.samd.daemon.sadb.AcquireView.State.OFFERED;
import static dev.samd.daemon.sadb.AcquireView.State.TIMED_OUT;
import static dev.samd.daemon.sadb.AcquireView.State.WITHDRAWN;
import static dev.samd.daemon.sadb.KmpFixture.KMPD;
import static dev.samd.daemon.sadb.KmpFixture.NEED;
import static dev.samd.daemon.sadb.KmpFixture.SENSOR;
import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.BOB;
import static dev.samd.daemon.sadb.SadbFixture.PEER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.policy.Policies;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** From a need to SAs: joined, offered to one KMP at a time, claimed, answered, or failed with a reason. */
class AcquireTest {
    private final KmpFixture k = new KmpFixture();
    private final SadbFixture f = k.f;

    @Test
    void anAcquireSaysAllThatTheSasHaveToBe() { // T9
        long ace = k.register("ace");
        k.register("psk");

        k.acquire();

        Notice.Offered offered = k.offered();
        assertThat(offered.kmp()).isEqualTo(ace);
        assertThat(offered.sequence()).isBetween(1L, 0xffff_ffffL);
        assertThat(offered.patience()).isEqualTo(Duration.ofSeconds(247));
        assertThat(offered.need().target()).isEqualTo(PEER);
        assertThat(offered.need().via()).isEqualTo("coap://proxy");
        Proposal proposal = offered.need().proposal();
        assertThat(proposal.reqid()).isEqualTo(7);
        assertThat(proposal.identities()).anyMatch(pattern -> pattern.fits(SENSOR, PEER));
        AcquireView told = k.lastTold();
        assertThat(told.state()).isEqualTo(OFFERED);
        assertThat(told.kmp()).isEqualTo("ace");
        assertThat(told.policy()).isEqualTo("sensors");
        assertThat(told.waiting()).isEqualTo(1);
        assertThat(told.sequence()).isEqualTo(offered.sequence());
    }

    @Test
    void sequencesBeginAtRandomAndAreNeverZero() { // T9
        assertThat(firstSequence(new Random(1))).isNotEqualTo(firstSequence(new Random(2)));
        assertThat(firstSequence(() -> -1)).as("behind the greatest one").isEqualTo(1);
    }

    private long firstSequence(RandomGenerator random) {
        Sadb sadb = new Sadb(f.now(), random, id -> Optional.empty(), SadbBounds.MEMORY);
        sadb.register(f.now(), new KmpRegistration("ace", KMPD, Set.of()));
        return sadb.acquire(f.now(), NEED).notices().stream()
                .map(notice -> ((Notice.Offered) notice).sequence())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aHundredNeedsOfOneSelectorAreOneAcquire() { // T22
        k.register("ace");

        long first = k.acquire();
        for (int i = 1; i < 100; i++) {
            assertThat(k.acquire()).isEqualTo(first);
        }

        assertThat(k.all(Notice.Offered.class)).hasSize(1);
        assertThat(f.sadb.openAcquires()).isEqualTo(1);
        k.pair("aa", "bb").by(k.accept()).install();
        assertThat(k.lastTold().waiting()).isEqualTo(100);
        assertThat(k.all(Notice.Released.class)).containsExactly(new Notice.Released(first));
    }

    @Test
    void needsOfOtherEndpointsAreOtherAcquires() {
        k.register("ace");

        k.acquire();
        k.acquire(Need.of(KmpFixture.ENTRY, Endpoint.HOST_WIDE, Endpoint.parse("coap://sensor-2"), ""));
        k.acquire(Need.of(KmpFixture.ENTRY, Endpoint.parse("coap://here"), PEER, ""));

        assertThat(k.all(Notice.Offered.class))
                .extracting(Notice.Offered::sequence)
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    @Test
    void withoutAKmpNobodyWaits() {
        SaException e = f.refused(SaError.NO_KMP, k::acquire);

        assertThat(e.getMessage()).contains("coap://sensor-1").contains("ace");
        f.refused(SaError.NO_KMP, k::acquire);
        k.register("psk");
        assertThat(k.acquire()).as("not held down").isPositive();
    }

    @Test
    void aClaimIsForWhoAccepts() {
        k.register("ace");
        k.acquire();

        Origin origin = k.accept();
        f.seen(f.sadb.accept(f.now(), k.offered().kmp(), k.offered().sequence()));

        assertThat(origin.claim().length()).isEqualTo(16);
        assertThat(k.all(Notice.Claimed.class)).hasSize(2).allSatisfy(claimed -> assertThat(claimed.claim())
                .as("accepting twice gives the same")
                .isEqualTo(origin.claim()));
        assertThat(k.last(Notice.Claimed.class).toString())
                .doesNotContain(origin.claim().toHex());
        assertThat(origin.toString()).doesNotContain(origin.claim().toHex());
    }

    @Test
    void bothSasOfAnAcquireReleaseWhoWaits() { // T10
        k.register("ace");
        long waiting = k.acquire();
        Origin origin = k.accept();
        SadbEntry larval = k.getSpi(origin);

        InstalledPair pair = k.pair(larval.spi().toString(), "bb").by(origin).install();

        assertThat(pair.inbound().id()).isEqualTo(larval.id());
        assertThat(pair.inbound().acquireSequence()).isEqualTo(origin.acquireSequence());
        assertThat(pair.outbound().acquireSequence()).isEqualTo(origin.acquireSequence());
        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, DONE);
        assertThat(k.all(Notice.Released.class)).containsExactly(new Notice.Released(waiting));
        assertThat(f.sadb.openAcquires()).isZero();
        f.pass(Duration.ofMinutes(10));
        assertThat(k.lives(pair.inbound())).isTrue();
    }

    @Test
    void oneSaOfTwoDoesNotFinishAnAcquire() { // T10
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        SadbEntry larval = k.getSpi(origin);
        SadbEntry in = f.seen(f.sadb.complete(
                        f.now(),
                        new Complete(
                                origin,
                                SadbFixture.byId(larval),
                                k.sa(Direction.INBOUND, larval.spi().toString()),
                                f.keys(),
                                "p")))
                .reply();
        assertThat(in.state()).isEqualTo(SaState.MATURE);
        assertThat(k.told()).containsExactly(OFFERED, CLAIMED);
        assertThat(k.all(Notice.Released.class)).isEmpty();

        f.seen(f.sadb.add(f.now(), new Add(origin, k.sa(Direction.OUTBOUND, "bb"), f.keys(), "p")));

        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, DONE);
        assertThat(k.all(Notice.Released.class)).hasSize(1);
    }

    @Test
    void anAcquireIsDoneOnceThoughItsAnswerIsThreeSas() { // T10
        k.register("ace");
        long waiting = k.acquire();
        Origin origin = k.accept();
        f.seen(f.sadb.add(f.now(), new Add(origin, k.sa(Direction.OUTBOUND, "b1"), f.keys(), "")));
        assertThat(k.all(Notice.Released.class))
                .as("an answer to it could not be opened")
                .isEmpty();

        k.pair("aa", "b2").by(origin).install();

        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, DONE);
        assertThat(k.all(Notice.Released.class)).containsExactly(new Notice.Released(waiting));
    }

    @Test
    void halfOfAPairGoesWithTheClaimThatMadeIt() {
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        SadbEntry in = f.seen(f.sadb.add(f.now(), new Add(origin, k.sa(Direction.INBOUND, "aa"), f.keys(), "")))
                .reply();

        f.pass(Duration.ofSeconds(30));

        assertThat(k.lives(in)).isFalse();
        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, TIMED_OUT);
    }

    @Test
    void aNegativeAcquireTellsWhoWaitsWhyAndLeavesNothing() { // T11
        k.register("ace");
        long waiting = k.acquire();
        Origin origin = k.accept();
        SadbEntry larval = k.getSpi(origin);

        f.seen(f.sadb.failAcquire(f.now(), origin, 111, "the AS refuses"));

        Notice.Refused refused = k.last(Notice.Refused.class);
        assertThat(refused.need()).isEqualTo(waiting);
        assertThat(refused.why().error()).isEqualTo(SaError.KMP_FAILED);
        assertThat(refused.why().getMessage())
                .contains("ace")
                .contains("the AS refuses")
                .contains("111");
        assertThat(k.lives(larval)).isFalse();
        assertThat(k.lastTold().reason()).contains("the AS refuses");
        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, FAILED);
    }

    @Test
    void aStaleNegativeAcquireIsRefused() { // T12
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        k.pair("aa", "bb").by(origin).install();

        f.refused(SaError.STALE_ACQUIRE, () -> f.sadb.failAcquire(f.now(), origin, 1, ""));
    }

    @Test
    void progressKeepsAnAcquireAndItsSpiAliveUntilAllTimeIsUp() { // T26
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        SadbEntry larval = k.getSpi(origin);
        for (int i = 0; i < 8; i++) {
            f.pass(Duration.ofSeconds(29));
            f.seen(f.sadb.progress(f.now(), k.offered().kmp(), origin.acquireSequence()));
        }
        assertThat(k.lives(larval)).as("after 232 s").isTrue();

        f.pass(Duration.ofSeconds(14));
        assertThat(k.lives(larval)).as("after 246 s").isTrue();
        f.pass(Duration.ofSeconds(1));

        assertThat(k.lives(larval)).as("after 247 s").isFalse();
        assertThat(k.last(Notice.Refused.class).why().error()).isEqualTo(SaError.TIMED_OUT);
        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, TIMED_OUT);
        assertThat(k.last(Notice.Withdrawn.class).sequence()).isEqualTo(origin.acquireSequence());
    }

    @Test
    void withoutProgressAClaimEndsAfterHalfAMinute() { // T26
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        SadbEntry larval = k.getSpi(origin);

        f.pass(Duration.ofSeconds(29));
        assertThat(k.lives(larval)).isTrue();
        f.pass(Duration.ofSeconds(1));

        assertThat(k.lives(larval)).isFalse();
        f.refused(SaError.STALE_ACQUIRE, () -> k.pair("aa", "bb").by(origin).install());
    }

    @Test
    void onlyTheClaimOfThePresentKmpAnswers() { // T27
        k.register("ace");
        k.register("psk", BOB);
        k.acquire();
        Origin origin = k.accept();

        stale(new Origin(KMPD, Octets.EMPTY, origin.acquireSequence(), Octets.EMPTY));
        stale(new Origin(KMPD, Octets.EMPTY, origin.acquireSequence(), Octets.ofHex("00".repeat(16))));
        stale(new Origin(KMPD, Octets.EMPTY, origin.acquireSequence() + 1, origin.claim()));
        stale(new Origin(BOB, Octets.EMPTY, origin.acquireSequence(), origin.claim()));
        f.refused(
                SaError.STALE_ACQUIRE,
                () -> f.sadb.getSpi(
                        f.now(), new GetSpi(origin, Endpoint.parse("coap://other"), Endpoint.HOST_WIDE, null)));
        f.refused(
                SaError.STALE_ACQUIRE,
                () -> f.sadb.getSpi(f.now(), new GetSpi(origin, PEER, Endpoint.parse("coap://here"), null)));

        k.pair("aa", "bb").by(origin).install();
    }

    @Test
    void anAcquireThatNobodyAcceptedCannotBeAnswered() { // T27
        k.register("ace");
        k.acquire();

        stale(new Origin(KMPD, Octets.EMPTY, k.offered().sequence(), Octets.EMPTY));
    }

    @Test
    void anotherLifeOfTheDatabaseKnowsNoneOfItsClaims() { // T27
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        KmpFixture another = new KmpFixture();
        another.register("ace");

        another.f.refused(
                SaError.STALE_ACQUIRE, () -> another.pair("aa", "bb").by(origin).install());
    }

    private void stale(Origin origin) {
        f.refused(SaError.STALE_ACQUIRE, () -> k.pair("aa", "bb").by(origin).install());
    }

    @Test
    void anSpiThatAnswersAnAcquireIsCompletedForThatAcquireOnly() {
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        SadbEntry larval = k.getSpi(origin);

        f.refused(SaError.STALE_ACQUIRE, () -> k.pair(larval.spi().toString(), "bb")
                .install());
    }

    @Test
    void flushEndsClaimsAndAsksAnew() { // T27
        k.register("ace");
        long waiting = k.acquire();
        Origin origin = k.accept();
        SadbEntry larval = k.getSpi(origin);

        f.seen(f.sadb.flush(f.now(), ALICE, SaFilter.ALL));

        assertThat(k.lives(larval)).isFalse();
        stale(origin);
        assertThat(k.last(Notice.Withdrawn.class).reason()).contains("flush");
        assertThat(k.offered().sequence()).isNotEqualTo(origin.acquireSequence());
        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, WITHDRAWN, OFFERED);
        k.pair("aa", "bb").by(k.accept()).install();
        assertThat(k.all(Notice.Released.class)).containsExactly(new Notice.Released(waiting));
    }

    @Test
    void flushOfOtherPeersLeavesAClaimAlone() {
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();

        f.seen(f.sadb.flush(f.now(), ALICE, new SaFilter(Endpoint.parse("coap://other"), null, null, null)));

        k.pair("aa", "bb").by(origin).install();
    }

    @Test
    void otherPoliciesEndClaimsAndWhoWaitsAsksForWhatTheyWant() { // T41
        k.register("ace");
        long waiting = k.acquire();
        Origin origin = k.accept();

        f.seen(f.sadb.policyChanged(f.now(), ALICE, Policies.NONE));

        stale(origin);
        assertThat(k.told()).containsExactly(OFFERED, CLAIMED, WITHDRAWN);
        assertThat(k.all(Notice.Released.class)).containsExactly(new Notice.Released(waiting));
        assertThat(f.sadb.openAcquires()).isZero();
    }

    @Test
    void aKmpThatDeclinesIsFollowedByTheNext() { // T28
        long ace = k.register("ace");
        long psk = k.register("psk");
        k.acquire();

        f.seen(f.sadb.decline(f.now(), ace, k.offered().sequence(), "no token"));

        assertThat(k.offered().kmp()).isEqualTo(psk);
        assertThat(k.told()).containsExactly(OFFERED, NEXT, OFFERED);
        f.seen(f.sadb.decline(f.now(), psk, k.offered().sequence(), ""));
        assertThat(k.told()).containsExactly(OFFERED, NEXT, OFFERED, FAILED);
        assertThat(k.last(Notice.Refused.class).why().getMessage()).contains("psk declined");
    }

    @Test
    void aSilentKmpIsFollowedByTheNextAndComesTooLate() { // T28
        long ace = k.register("ace");
        long psk = k.register("psk");
        k.acquire();
        long sequence = k.offered().sequence();

        f.pass(Duration.ofSeconds(4));
        assertThat(k.offered().kmp()).as("after 4 s").isEqualTo(ace);
        f.pass(Duration.ofSeconds(1));
        assertThat(k.offered().kmp()).as("after 5 s").isEqualTo(psk);
        f.seen(f.sadb.accept(f.now(), ace, sequence));

        assertThat(k.all(Notice.Claimed.class)).isEmpty();
        assertThat(k.last(Notice.Withdrawn.class).kmp()).isEqualTo(ace);
    }

    @Test
    void theLateInstallationOfAnEarlierKmpIsRefused() { // T28
        k.register("ace");
        k.register("psk");
        k.acquire();
        Origin late = k.accept();
        f.pass(Duration.ofSeconds(30));

        Origin present = k.accept();

        assertThat(present.claim()).isNotEqualTo(late.claim());
        stale(late);
    }

    @Test
    void aKmpThatDiesDuringItsWorkIsFollowedByTheNextAtOnce() { // T28
        long ace = k.register("ace");
        long psk = k.register("psk");
        k.acquire();
        Origin origin = k.accept();
        SadbEntry larval = k.getSpi(origin);

        f.seen(f.sadb.unregister(f.now(), ace));

        assertThat(k.offered().kmp()).isEqualTo(psk);
        assertThat(k.lives(larval)).isFalse();
        stale(origin);
        assertThat(k.last(Notice.Offered.class).need()).isEqualTo(NEED);
    }

    @Test
    void anUnaskedPairReleasesThoseInItsScopeOnly() { // T29
        k.register("ace");
        Endpoint other = Endpoint.parse("coap://sensor-2");
        long waiting = k.acquire();
        k.acquire(Need.of(KmpFixture.ENTRY, Endpoint.HOST_WIDE, other, ""));

        k.pair("aa", "bb").install();

        assertThat(k.all(Notice.Released.class)).containsExactly(new Notice.Released(waiting));
        assertThat(f.sadb.openAcquires()).as("both are worked on").isEqualTo(2);
        assertThat(k.told()).containsExactly(OFFERED, OFFERED);
    }

    @Test
    void aPairThatMayNotProtectYetReleasesNobody() { // T29
        k.register("ace");
        k.acquire();

        InstalledPair pair = k.pair("aa", "bb").unconfirmed(PairRole.RESPONDER).install();
        assertThat(k.all(Notice.Released.class)).isEmpty();
        f.seen(f.sadb.confirmed(f.now(), pair.inbound().id()));

        assertThat(k.all(Notice.Released.class)).hasSize(1);
    }

    @Test
    void anIdentityThatWasNotAskedForIsRefusedAndTheNextKmpTried() { // T30
        k.register("ace");
        long psk = k.register("psk");
        k.acquire();
        Origin origin = k.accept();
        Identity stranger = new Identity("ace", IdentityType.TOKEN, "coaps://as.example", "sensor-2");

        f.refused(SaError.IDENTITY_NOT_AUTHORIZED, () -> k.pair(
                        SadbFixture.withIdentity(k.sa(Direction.INBOUND, "aa"), stranger),
                        SadbFixture.withIdentity(k.sa(Direction.OUTBOUND, "bb"), stranger))
                .by(origin)
                .install());
        assertThat(f.sadb.nextDeadline()).hasValue(f.nanos);
        f.pass(Duration.ZERO);

        assertThat(k.offered().kmp()).isEqualTo(psk);
        assertThat(k.last(Notice.Withdrawn.class).reason()).contains("sensor-2");
        stale(origin);
    }

    @Test
    void aKmpSpeaksInItsOwnNameOnly() { // T30
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        Identity foreign = new Identity("psk", IdentityType.PSK, "", "sensor-1");

        f.refused(SaError.IDENTITY_NOT_AUTHORIZED, () -> k.pair(
                        SadbFixture.withIdentity(k.sa(Direction.INBOUND, "aa"), foreign),
                        SadbFixture.withIdentity(k.sa(Direction.OUTBOUND, "bb"), foreign))
                .by(origin)
                .install());
    }

    @Test
    void anSaThatWasNotAskedForIsRefusedAndTheKmpMayGoOn() {
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        SaParameters weaker =
                SadbFixture.withSuite(k.sa(Direction.OUTBOUND, "bb"), CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256);

        f.refused(SaError.UNSUPPORTED_SUITE, () -> f.sadb.add(f.now(), new Add(origin, weaker, f.keys(), "")));

        k.pair("aa", "bb").by(origin).install();
    }

    @Test
    void aRepeatedInstallationGetsTheFirstAnswerAfterTheAcquireIsDone() { // T31
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        Origin repeatable = new Origin(KMPD, Octets.ofHex("01"), origin.acquireSequence(), origin.claim());
        InstalledPair first = f.seen(f.sadb.installPair(
                        f.now(),
                        new InstallPair(
                                repeatable,
                                k.sa(Direction.INBOUND, "aa"),
                                SadbFixture.keys(71),
                                k.sa(Direction.OUTBOUND, "bb"),
                                SadbFixture.keys(72),
                                PairId.NONE)))
                .reply();

        Step<InstalledPair> again = f.sadb.installPair(
                f.now(),
                new InstallPair(
                        repeatable,
                        k.sa(Direction.INBOUND, "aa"),
                        SadbFixture.keys(71),
                        k.sa(Direction.OUTBOUND, "bb"),
                        SadbFixture.keys(72),
                        PairId.NONE));

        assertThat(again.reply()).isEqualTo(first);
        assertThat(again.changes()).isEmpty();
        assertThat(again.notices()).isEmpty();
    }

    @Test
    void whatFailedIsHeldDownTwiceAsLongEachTimeAndSaysWhy() {
        long ace = k.register("ace");
        List<Integer> seconds = new ArrayList<>();
        k.acquire();
        for (int i = 0; i < 8; i++) {
            f.seen(f.sadb.decline(f.now(), ace, k.offered().sequence(), "no token"));
            SaException e = f.refused(SaError.HELD_DOWN, k::acquire);
            assertThat(e.getMessage()).contains("no token");
            int waited = 0;
            while (isHeldDown()) {
                f.pass(Duration.ofSeconds(1));
                waited++;
            }
            seconds.add(waited);
        }

        assertThat(seconds).containsExactly(1, 2, 4, 8, 16, 32, 60, 60);
    }

    private boolean isHeldDown() {
        try {
            k.acquire();
            return false;
        } catch (SaException e) {
            assertThat(e.error()).isEqualTo(SaError.HELD_DOWN);
            return true;
        }
    }

    @Test
    void successEndsAHoldDown() {
        long ace = k.register("ace");
        k.acquire();
        f.seen(f.sadb.decline(f.now(), ace, k.offered().sequence(), ""));
        f.pass(Duration.ofSeconds(1));
        k.acquire();
        InstalledPair pair = k.pair("aa", "bb").by(k.accept()).install();
        f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), SadbFixture.byId(pair.inbound()), true));

        assertThat(k.acquire()).isPositive();
    }

    @Test
    void acquiresAndWaitersAreBounded() {
        SadbBounds bounds = new SadbBounds(100, 100, 100, 100, 100, 1, 3, 10, Timings.DEFAULT.withoutChance());
        KmpFixture small = new KmpFixture(new SadbFixture(bounds));
        small.register("ace");
        long waiting = small.acquire();
        Need other = Need.of(KmpFixture.ENTRY, Endpoint.HOST_WIDE, Endpoint.parse("coap://sensor-2"), "");

        small.f.refused(SaError.TOO_MANY, () -> small.acquire(other));
        small.acquire();
        small.acquire();
        small.f.refused(SaError.TOO_MANY, small::acquire);
        small.f.sadb.left(waiting);

        assertThat(small.acquire()).isEqualTo(waiting);
    }

    @Test
    void keysOfARefusedAnswerAreClosed() {
        k.register("ace");
        k.acquire();
        InstallPair request = k.pair("aa", "bb").remembering(new byte[] {1}).request();
        InstallPair stale = new InstallPair(
                new Origin(KMPD, Octets.EMPTY, 12, Octets.EMPTY),
                request.inbound(),
                request.inboundKeys(),
                request.outbound(),
                request.outboundKeys(),
                request.supersedes(),
                null,
                false,
                request.kmpPrivate());

        f.refused(SaError.STALE_ACQUIRE, () -> f.sadb.installPair(f.now(), stale));

        assertThat(request.inboundKeys().key().borrow()).isNull();
        assertThat(request.outboundKeys().key().borrow()).isNull();
        assertThat(request.kmpPrivate().borrow()).isNull();
    }

    @Test
    void anSaOfAnAcquireCarriesTheNameThatWasAskedFor() {
        k.register("ace");
        k.acquire();
        Origin origin = k.accept();
        SaParameters elsewhere = SadbFixture.withIdentity(
                SadbFixture.parameters(
                        Direction.OUTBOUND,
                        "bb",
                        Endpoint.parse("coap://sensor-2"),
                        new History.Fresh(),
                        Lifetime.UNLIMITED),
                SENSOR);

        f.refused(SaError.STALE_ACQUIRE, () -> f.sadb.add(f.now(), new Add(origin, elsewhere, f.keys(), "")));
    }

    @Test
    void theOutlookOfANeedSaysWhoWouldBeAskedAndChangesNothing() {
        assertThat(k.f.sadb.outlook(k.f.now(), NEED).refusal())
                .hasValueSatisfying(why -> assertThat(why.error()).isEqualTo(SaError.NO_KMP));
        k.register("psk");

        Outlook outlook = k.f.sadb.outlook(k.f.now(), NEED);

        assertThat(outlook.kmps()).containsExactly("psk");
        assertThat(outlook.open()).isEmpty();
        assertThat(outlook.refusal()).isEmpty();
        assertThat(k.all(Notice.Offered.class)).isEmpty();
        assertThat(k.f.sadb.openAcquires()).isZero();
    }

    @Test
    void theOutlookOfANeedThatIsOpenNamesItsKmp() {
        k.register("ace");
        k.acquire();

        AcquireView open = k.f.sadb.outlook(k.f.now(), NEED).open().orElseThrow();

        assertThat(open.kmp()).isEqualTo("ace");
        assertThat(open.sequence()).isEqualTo(k.offered().sequence());
    }

    @Test
    void theOutlookOfANeedThatIsHeldDownSaysForHowLongAndAfterWhat() {
        long ace = k.register("ace");
        k.acquire();
        k.f.seen(k.f.sadb.decline(k.f.now(), ace, k.offered().sequence(), "the AS is away"));

        SaException why = k.f.sadb.outlook(k.f.now(), NEED).refusal().orElseThrow();

        assertThat(why.error()).isEqualTo(SaError.HELD_DOWN);
        assertThat(why.getMessage()).contains("1001 ms").contains("the AS is away");
        k.f.pass(Duration.ofSeconds(1));
        assertThat(k.f.sadb.outlook(k.f.now(), NEED).refusal()).isEmpty();
    }
}
