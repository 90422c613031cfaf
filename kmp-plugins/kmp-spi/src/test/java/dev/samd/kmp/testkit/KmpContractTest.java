// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.drive.DriverLimits;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every KMP has to keep, through the driver that runs it. A KMP's own test inherits it and says who the parties are. */
public abstract class KmpContractTest {
    private static final int SEEDS = 40;

    /** Fresh parties, the same for the same seed. Their runs, and nothing else, are what the tests look at. */
    protected abstract Parties parties(long seed);

    /**
     * What two runs of the same seed must have in common of a request. Of one whose cryptography draws its own random numbers,
     * that is its shape.
     */
    protected Object trace(Outgoing request) {
        return request;
    }

    private Joined joined() {
        return new Joined(parties(1), 1);
    }

    @Test
    void nameAndResourcesAreOnesThatPoliciesCanSay() {
        for (Kmp kmp : List.of(parties(1).initiator(), parties(1).responder())) {
            assertThat(kmp.name()).matches("[a-z][a-z0-9-]{0,31}");
            assertThat(kmp.resources()).doesNotHaveDuplicates().allSatisfy(path -> assertThat(path)
                    .matches("/[^?#]*[^?#/]"));
        }
    }

    @Test
    void goodRunLeavesOnePairOfTheSameKeysOnBothSides() {
        Joined joined = joined();

        joined.acquire();
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        assertThat(joined.responderKeys.pairs()).hasSize(1);
        Installed mine = joined.initiatorKeys.pairs().get(0);
        assertPartners(joined, mine);
        assertThat(mine.outbound().peer()).isEqualTo(joined.need().target());
        assertThat(joined.need().suites()).contains(mine.outbound().suite());
        assertThat(mine.outbound().content()).isEqualTo(joined.need().content());
        assertThat(mine.role()).isEqualTo(PairRole.INITIATOR);
        assertNothingLeft(joined);
    }

    @Test
    void twoRunsOfTheSameSeedAreTheSame() {
        Joined one = joined();
        Joined other = joined();

        one.acquire();
        one.clock.run(Joined.ALL);
        other.acquire();
        other.clock.run(Joined.ALL);

        assertThat(one.link.sent()).isNotEmpty();
        assertThat(one.link.sent().stream().map(this::trace).toList())
                .isEqualTo(other.link.sent().stream().map(this::trace).toList());
    }

    @Test
    void runsSideBySideComeToDifferentKeys() {
        Joined joined = joined();

        joined.acquire(joined.need(21, PairId.NONE));
        joined.acquire(joined.need(22, PairId.NONE));
        joined.clock.run(Joined.ALL);

        List<Installed> pairs = joined.initiatorKeys.pairs();
        assertThat(pairs).hasSize(2);
        assertThat(pairs.get(0).outboundKey()).isNotEqualTo(pairs.get(1).outboundKey());
        pairs.forEach(pair -> assertPartners(joined, pair));
        assertNothingLeft(joined);
    }

    @Test
    void junkIsAnsweredAndLeavesNothing() {
        Joined joined = joined();

        for (String resource : parties(1).responder().resources()) {
            String path = resource.replace("*", "0123456789abcdef");
            for (Octets payload : junk()) {
                for (int format : new int[] {-1, 0, 19, 42, 50, 60, 61, 0xffff}) {
                    for (int code : new int[] {1, 2, 3, 4, 5, 31}) {
                        joined.clock.run(Duration.ofSeconds(1));
                        Answer answer = joined.post(path, code, format, payload).orElseThrow();
                        assertThat(answer.code() >> 5).isIn(4, 5);
                        assertThat(joined.running()).isZero();
                    }
                }
            }
        }

        assertThat(joined.responderKeys.pairs()).isEmpty();
        assertNothingLeft(joined);
    }

    @Test
    void changedRequestsNeverThrowAndAtMostLeaveAPairThatIsNotUsed() {
        List<Outgoing> good = requestsOfAGoodRun();
        Random random = new Random(7);
        Joined joined = joined();

        for (Outgoing request : good) {
            for (int round = 0; round < 200; round++) {
                joined.clock.run(Duration.ofSeconds(1));
                joined.post(incoming(joined, request, changed(request.payload(), random), "192.0.2.9:1"));
            }
        }
        joined.clock.run(Joined.ALL);

        assertThat(joined.responderKeys.pairs())
                .allSatisfy(pair -> assertThat(pair.unconfirmed()).isTrue());
        assertNothingLeft(joined);
    }

    @Test
    void firstRequestsOfNobodyKeepNoMoreRunsThanThereMayBe() {
        Outgoing first = requestsOfAGoodRun().get(0);
        Joined joined = joined();

        for (int i = 0; i < 4 * DriverLimits.DEFAULT.halfOpen(); i++) {
            joined.clock.run(Duration.ofMillis(10));
            joined.post(incoming(joined, first, first.payload(), "198.51." + i / 256 + "." + i % 256 + ":1"));
            assertThat(joined.running()).isLessThanOrEqualTo(DriverLimits.DEFAULT.halfOpen());
        }
        joined.acquire();
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs())
                .as("there is room for a good one")
                .hasSize(1);
        assertNothingLeft(joined);
    }

    @Test
    void firstRequestsOfOneSourceKeepNoMoreRunsThanItMayHave() {
        Outgoing first = requestsOfAGoodRun().get(0);
        Joined joined = joined();

        for (int i = 0; i < 100; i++) {
            joined.post(incoming(joined, first, first.payload(), "192.0.2.9:" + (i + 1)));
            assertThat(joined.running()).isLessThanOrEqualTo(DriverLimits.DEFAULT.halfOpenPerSource());
        }
        joined.clock.run(Joined.ALL);

        assertNothingLeft(joined);
    }

    @Test
    void silenceAtEachStepEndsInAFailureThatSaysWhy() {
        int requests = requestsInAll();
        for (int from = 0; from < requests; from++) {
            Joined joined = joined();
            joined.link.silenceFrom(from);

            joined.acquire();
            joined.clock.run(Joined.ALL);

            assertThat(joined.initiatorKeys.failures())
                    .containsKey(joined.need().sequence());
            assertThat(joined.initiatorKeys.pairs()).isEmpty();
            assertNothingLeft(joined);
        }
    }

    @Test
    void refusalsOfTheDaemonEndInAFailure() {
        SaException refusal = new SaException(SaError.IDENTITY_NOT_AUTHORIZED, "x", "identity x may not speak");
        Joined reserving = joined();
        reserving.initiatorKeys.refuseReservation(refusal);
        Joined installing = joined();
        installing.initiatorKeys.refuseInstallation(refusal);

        for (Joined joined : List.of(reserving, installing)) {
            joined.acquire();
            joined.clock.run(Joined.ALL);

            assertThat(joined.initiatorKeys.failures())
                    .containsKey(joined.need().sequence());
            assertThat(joined.initiatorKeys.pairs()).isEmpty();
            assertNothingLeft(joined);
        }
    }

    @Test
    void refusalsOfTheRespondersDaemonEndInAFailureOnBothSides() {
        SaException refusal = new SaException(SaError.TOO_MANY, "x", "too many SAs");
        Joined reserving = joined();
        reserving.responderKeys.refuseReservation(refusal);
        Joined installing = joined();
        installing.responderKeys.refuseInstallation(refusal);

        for (Joined joined : List.of(reserving, installing)) {
            joined.acquire();
            joined.clock.run(Joined.ALL);

            assertThat(joined.responderKeys.pairs()).isEmpty();
            assertThat(joined.initiatorKeys.failures())
                    .containsKey(joined.need().sequence());
            assertNothingLeft(joined);
        }
    }

    @Test
    void withdrawnAcquireIsAbandonedWhereverItStands() {
        int requests = requestsInAll();
        for (int from = 0; from < requests; from++) {
            Joined joined = joined();
            joined.link.silenceFrom(from);
            joined.acquire();
            joined.clock.run(Duration.ofSeconds(1));

            joined.initiatorKeys.withdraw(joined.kmp(), joined.need().sequence(), "flushed");
            joined.clock.settle();

            assertThat(joined.lastOutcome()).startsWith("abandoned");
            joined.clock.run(Joined.ALL);
            assertThat(joined.initiatorKeys.failures()).isEmpty();
            assertThat(joined.initiatorKeys.pairs()).isEmpty();
            assertNothingLeft(joined);
        }
    }

    @Test
    void stoppedHostLeavesNothing() {
        Joined joined = joined();
        joined.link.silenceFrom(0);
        joined.acquire();

        joined.close();

        assertNothingLeft(joined);
        assertThat(joined.initiatorKeys.isRegistered(joined.kmp())).isFalse();
    }

    @Test
    void badNetworkDelaysOrEndsARunButNeverPartsTheKeys() {
        int good = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            Joined joined = new Joined(parties(seed), seed);
            joined.link.makeBad(0.25, 0.2, 0, 3000);

            joined.acquire();
            joined.clock.run(Joined.ALL);

            joined.initiatorKeys.pairs().forEach(pair -> assertPartners(joined, pair));
            assertThat(joined.initiatorKeys.isClaimed(joined.need().sequence()))
                    .as("the acquire of seed %d is answered", seed)
                    .isFalse();
            good += joined.initiatorKeys.pairs().size();
            assertNothingLeft(joined);
        }
        assertThat(good).as("runs that came to SAs").isGreaterThan(SEEDS / 2);
    }

    @Test
    void changedDatagramsEndARunOrAreNoticed() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Joined joined = new Joined(parties(seed), seed);
            joined.link.makeBad(0, 0, 0.5, 10);

            joined.acquire();
            joined.clock.run(Joined.ALL);

            assertThat(joined.initiatorKeys.isClaimed(joined.need().sequence())).isFalse();
            assertThat(joined.initiatorKeys.pairs())
                    .allSatisfy(pair -> assertThat(pair.unconfirmed() || agrees(joined, pair))
                            .as("keys that part are unconfirmed (seed with a changed datagram)")
                            .isTrue());
            assertNothingLeft(joined);
        }
    }

    @Test
    void restartedDaemonGivesThePairsBackAndTheyEndQuietly() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);

        joined.initiatorKeys.goAway();
        joined.responderKeys.goAway();
        joined.clock.run(Duration.ofSeconds(20));
        joined.initiatorKeys.comeBack();
        joined.responderKeys.comeBack();
        joined.clock.run(Duration.ofSeconds(20));

        assertThat(joined.initiatorKeys.isRegistered(joined.kmp())).isTrue();
        assertThat(joined.responderKeys.isRegistered(joined.kmp())).isTrue();
        for (FakeKeyManagement keys : List.of(joined.initiatorKeys, joined.responderKeys)) {
            PairId pair = keys.pairs().get(0).id();
            keys.tell(joined.kmp(), new PairEvent.Confirmed(pair));
            keys.tell(joined.kmp(), new PairEvent.Ended(pair, Octets.EMPTY));
            keys.tell(joined.kmp(), new PairEvent.Ended(new PairId(999), Octets.EMPTY));
            keys.forget(pair);
        }
        joined.clock.settle();
        joined.acquire(joined.need(31, PairId.NONE));
        joined.clock.run(Joined.ALL);
        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        assertNothingLeft(joined);
    }

    @Test
    void replacementComesToNewKeysAndLeavesTheOldPairAlone() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);
        Installed old = joined.initiatorKeys.pairs().get(0);
        joined.confirm(old);

        joined.acquire(joined.need(41, old.id()));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.pairs()).hasSize(2);
        Installed young = joined.initiatorKeys.pairs().get(1);
        assertThat(young.outboundKey()).isNotEqualTo(old.outboundKey());
        assertPartners(joined, young);
        assertNothingLeft(joined);
    }

    @Test
    void restartedProgramReplacesThePairsOfTheOneBefore() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);
        Installed old = joined.initiatorKeys.pairs().get(0);
        joined.confirm(old);

        joined.restart(parties(2));
        joined.acquire(joined.need(51, old.id()));
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.initiatorKeys.pairs()).hasSize(2);
        Installed young = joined.initiatorKeys.pairs().get(1);
        assertThat(young.outboundKey()).isNotEqualTo(old.outboundKey());
        assertPartners(joined, young);
        assertNothingLeft(joined);
    }

    /**
     * <pre>
     * initiator                  responder
     *   | …                        | installs, unconfirmed: without a record its pair ends after 60 s
     *   | installs, unconfirmed    |
     *   | 2 s without a record     |
     *   | any request, protected   |
     *   |------------------------->| the pair is confirmed
     * </pre>
     */
    @Test
    void pairThatNobodyUsesIsConfirmedByOneRequestOfItsInitiator() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Duration.ofMillis(1900));
        Installed mine = joined.initiatorKeys.pairs().get(0);
        assertThat(mine.unconfirmed() || !joined.partnerOf(mine).orElseThrow().unconfirmed())
                .as("a pair that waits for the initiator's record waits at the initiator too")
                .isTrue();
        assertThat(joined.link.probes()).as("others come first").isEmpty();

        joined.clock.run(Joined.ALL);

        assertThat(joined.link.probes()).hasSize(mine.unconfirmed() ? 1 : 0).allSatisfy(probe -> {
            assertThat(probe.path()).isEqualTo(parties(1).initiator().probePath());
            assertThat(probe.to()).isEqualTo(mine.outbound().peer());
            assertThat(probe.via()).isEqualTo(joined.need().via());
            assertThat(probe.protectedAs()).contains(mine.outbound().local());
        });
        assertNothingLeft(joined);
    }

    @Test
    void pairThatIsUsedIsNotProbed() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Duration.ofSeconds(1));

        joined.confirm(joined.initiatorKeys.pairs().get(0));
        joined.clock.run(Joined.ALL);

        assertThat(joined.link.probes()).isEmpty();
        assertNothingLeft(joined);
    }

    @Test
    void probeThatIsLostChangesNothing() {
        int requests = requestsInAll();
        Joined joined = joined();
        joined.link.silenceFrom(requests);

        joined.acquire();
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        assertNothingLeft(joined);
    }

    private int requestsInAll() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);
        return joined.link.negotiated().size();
    }

    private List<Outgoing> requestsOfAGoodRun() {
        Joined joined = joined();
        joined.acquire();
        joined.clock.run(Joined.ALL);
        return joined.link.negotiated().stream()
                .filter(request -> request.to().equals(joined.need().target()))
                .toList();
    }

    private static Incoming incoming(Joined joined, Outgoing request, Octets payload, String source) {
        return new Incoming(
                request.path(),
                2,
                request.contentFormat(),
                payload,
                source,
                joined.need().target(),
                request.options(),
                Optional.empty());
    }

    private static void assertNothingLeft(Joined joined) {
        assertThat(joined.faults).isEmpty();
        assertThat(joined.running()).as("runs").isZero();
        assertThat(joined.initiatorKeys.openKeys()).as("open keys").isZero();
        assertThat(joined.responderKeys.openKeys()).as("open keys").isZero();
    }

    private static void assertPartners(Joined joined, Installed mine) {
        assertThat(joined.partnerOf(mine)).isPresent();
        assertThat(agrees(joined, mine)).as("both hold the same keys").isTrue();
    }

    private static boolean agrees(Joined joined, Installed mine) {
        return joined.partnerOf(mine)
                .filter(other -> other.outbound().spi().equals(mine.inbound().spi())
                        && other.inbound().suite() == mine.outbound().suite()
                        && other.inbound().content() == mine.outbound().content()
                        && other.inbound().form() == mine.outbound().form()
                        && other.role() != mine.role()
                        && other.inboundKey().equals(mine.outboundKey())
                        && other.outboundKey().equals(mine.inboundKey()))
                .isPresent();
    }

    private static List<Octets> junk() {
        byte[] random = new byte[500];
        new Random(3).nextBytes(random);
        byte[] long64k = new byte[65_000];
        return List.of(
                Octets.EMPTY,
                Octets.ofHex("00"),
                Octets.ofHex("ff"),
                Octets.ofHex("a0"),
                Octets.ofHex("80"),
                Octets.ofHex("f6"),
                // Lengths that promise more than there is.
                Octets.ofHex("bbffffffffffffffff"),
                Octets.ofHex("5bffffffffffffffff"),
                Octets.ofHex("9bffffffffffffffff"),
                // Containers within containers.
                Octets.ofHex("81".repeat(2000)),
                Octets.ofHex("a1".repeat(2000)),
                Octets.ofHex("5f".repeat(500)),
                text("{}"),
                text("[]"),
                text("null"),
                text("{\"access_token\":"),
                text("[".repeat(5000)),
                text("{\"a\":".repeat(3000)),
                text("eyJhbGciOiJub25lIn0.e30."),
                Octets.of(random),
                Octets.of(long64k));
    }

    private static Octets text(String text) {
        return Octets.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Octets changed(Octets good, Random random) {
        byte[] octets = good.toArray();
        switch (random.nextInt(3)) {
            case 0 -> {
                octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
                return Octets.of(octets);
            }
            case 1 -> {
                return Octets.of(octets, 0, random.nextInt(octets.length));
            }
            default -> {
                byte[] longer = java.util.Arrays.copyOf(octets, octets.length + 1 + random.nextInt(8));
                return Octets.of(longer);
            }
        }
    }
}
