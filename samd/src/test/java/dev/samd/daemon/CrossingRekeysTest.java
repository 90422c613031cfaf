// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.sadb.InstalledPair;
import dev.samd.daemon.sadb.Origin;
import dev.samd.daemon.sadb.SadbBounds;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.Timings;
import dev.samd.engine.Protected;
import dev.samd.engine.Unprotected;
import dev.samd.sa.Direction;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaState;
import dev.samd.sa.Spi;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Both ends re-key at once, with KMPs that do not see it and take every run to its end: whatever the order of the messages,
 * both ends end on the same pair, and nothing that was sent is lost.
 */
class CrossingRekeysTest {
    private static final Duration OVERLAP = Timings.DEFAULT.overlap();
    private static final Duration PROBE = Duration.ofSeconds(2);

    /** What goes on at once: a re-key of each end, and two exchanges of each. */
    private enum Course {
        REKEY_OF_A,
        REKEY_OF_B,
        FIRST_EXCHANGE_OF_A,
        SECOND_EXCHANGE_OF_A,
        FIRST_EXCHANGE_OF_B,
        SECOND_EXCHANGE_OF_B
    }

    private static final int STEPS = 4;

    /** Two ends with one confirmed pair, of which either may begin a re-key. */
    private static final class World implements AutoCloseable {
        private final AtomicLong nanos =
                new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(100).toNanos());
        private final Clocks clocks = new Clocks(nanos::get, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        private final SadbBounds bounds = SadbBounds.MEMORY.with(Timings.DEFAULT.withoutChance());
        final RekeyEnd a = new RekeyEnd("coap://a", "coap://b", clocks, bounds);
        final RekeyEnd b = new RekeyEnd("coap://b", "coap://a", clocks, bounds);
        final InstalledPair oldAtA;
        final InstalledPair oldAtB;

        World() {
            Spi toA = Spi.ofHex("0a0a0a0a");
            Spi toB = Spi.ofHex("0b0b0b0b");
            Origin kmpd = Origin.of(RekeyEnd.KMPD);
            oldAtA = a.install(kmpd, PairRole.INITIATOR, false, toA, toB, 1, PairId.NONE, Lifetime.UNLIMITED);
            oldAtB = b.install(kmpd, PairRole.RESPONDER, false, toB, toA, 1, PairId.NONE, Lifetime.UNLIMITED);
            exchange(a, b);
            exchange(b, a);
            settle();
        }

        void exchange(RekeyEnd from, RekeyEnd to) {
            Exchange exchange = new Exchange(from, to);
            for (int i = 0; i < STEPS; i++) {
                exchange.step();
            }
        }

        void settle() {
            a.settle();
            b.settle();
        }

        void pass(Duration time) {
            nanos.addAndGet(time.toNanos());
            settle();
        }

        /** Both ends speak for a while, so that whatever may be confirmed is. */
        void converse() {
            for (int i = 0; i < 4; i++) {
                exchange(a, b);
                settle();
                exchange(b, a);
                settle();
                pass(PROBE);
            }
        }

        void onePairStands() {
            List<SadbEntry> atA = a.listed();
            List<SadbEntry> atB = b.listed();
            assertThat(atA).hasSize(2);
            assertThat(atB).hasSize(2);
            assertThat(spi(atA, Direction.INBOUND)).isEqualTo(spi(atB, Direction.OUTBOUND));
            assertThat(spi(atA, Direction.OUTBOUND)).isEqualTo(spi(atB, Direction.INBOUND));
            for (SadbEntry entry : atA) {
                assertThat(entry.state()).isEqualTo(SaState.MATURE);
                assertThat(entry.unconfirmed()).isFalse();
            }
            for (SadbEntry entry : atB) {
                assertThat(entry.state()).isEqualTo(SaState.MATURE);
                assertThat(entry.unconfirmed()).isFalse();
            }
        }

        @Override
        public void close() {
            a.close();
            b.close();
        }
    }

    private static Spi spi(List<SadbEntry> entries, Direction direction) {
        return entries.stream()
                .filter(entry -> entry.direction() == direction)
                .map(SadbEntry::spi)
                .findFirst()
                .orElseThrow();
    }

    /** A request and its response, in four steps: sent, arrived, answered, answer arrived. */
    private static final class Exchange {
        private final RekeyEnd from;
        private final RekeyEnd to;
        private int done;
        private Protected request;
        private Unprotected arrived;
        private Protected reply;

        Exchange(RekeyEnd from, RekeyEnd to) {
            this.from = from;
            this.to = to;
        }

        void step() {
            switch (done++) {
                case 0 -> request = from.request();
                case 1 -> arrived = to.opened(request);
                case 2 -> reply = to.reply(arrived);
                default -> from.openedReply(reply, request);
            }
        }
    }

    /** A re-key as in protocols with one exchange, in four steps: asked for, posted, arrived and answered, answer arrived. */
    private static final class Rekey {
        private final RekeyEnd from;
        private final RekeyEnd to;
        private final InstalledPair oldHere;
        private final InstalledPair oldThere;
        private final Spi in;
        private final Spi out;
        private final int seed;
        private int done;
        private @Nullable Origin claim;
        private boolean answered;
        private InstalledPair made;
        private InstalledPair madeThere;

        Rekey(RekeyEnd from, RekeyEnd to, InstalledPair oldHere, InstalledPair oldThere, String in, String out) {
            this.from = from;
            this.to = to;
            this.oldHere = oldHere;
            this.oldThere = oldThere;
            this.in = Spi.ofHex(in);
            this.out = Spi.ofHex(out);
            this.seed = this.in.hashCode();
        }

        void step() {
            switch (done++) {
                case 0 -> claim = from.soften(oldHere.outbound());
                case 1 -> {
                    if (isOn()) {
                        from.reserve(claim, in);
                    }
                }
                case 2 -> {
                    if (isOn()) {
                        madeThere = install(to, Origin.of(RekeyEnd.KMPD), PairRole.RESPONDER, out, in, oldThere);
                        answered = true;
                    }
                }
                default -> {
                    if (isOn() && answered) {
                        made = install(from, claim, PairRole.INITIATOR, in, out, oldHere);
                    }
                }
            }
        }

        private InstalledPair install(
                RekeyEnd end, Origin origin, PairRole role, Spi in, Spi out, InstalledPair supersedes) {
            PairId old = supersedes.inbound().pairId();
            return end.install(origin, role, true, in, out, seed, old, Lifetime.UNLIMITED);
        }

        private boolean isOn() {
            from.settle();
            return claim != null && !from.isWithdrawn(claim);
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
        }
    }

    private static Rekey ofA(World w, String in, String out) {
        return new Rekey(w.a, w.b, w.oldAtA, w.oldAtB, in, out);
    }

    private static Rekey ofB(World w, String in, String out) {
        return new Rekey(w.b, w.a, w.oldAtB, w.oldAtA, in, out);
    }

    @Provide
    Arbitrary<List<Course>> interleavings() {
        List<Course> all = new ArrayList<>();
        for (Course course : Course.values()) {
            for (int i = 0; i < STEPS; i++) {
                all.add(course);
            }
        }
        return Arbitraries.shuffle(all);
    }

    @Property(tries = 200)
    void bothEndsEndOnTheSamePairAndNothingIsLost(
            @ForAll("interleavings") List<Course> order, @ForAll boolean smallerAtA) {
        try (World w = new World()) {
            Rekey rekeyOfA = ofA(w, smallerAtA ? "a1000000" : "f1000000", "a2000000");
            Rekey rekeyOfB = ofB(w, smallerAtA ? "b1000000" : "9f000000", "b2000000");
            Map<Course, Runnable> courses = new EnumMap<>(Course.class);
            courses.put(Course.REKEY_OF_A, rekeyOfA::step);
            courses.put(Course.REKEY_OF_B, rekeyOfB::step);
            courses.put(Course.FIRST_EXCHANGE_OF_A, new Exchange(w.a, w.b)::step);
            courses.put(Course.SECOND_EXCHANGE_OF_A, new Exchange(w.a, w.b)::step);
            courses.put(Course.FIRST_EXCHANGE_OF_B, new Exchange(w.b, w.a)::step);
            courses.put(Course.SECOND_EXCHANGE_OF_B, new Exchange(w.b, w.a)::step);
            for (Course course : order) {
                courses.get(course).run();
                w.settle();
            }

            w.converse();
            assertThat(rekeyOfA.made != null || rekeyOfB.made != null).isTrue();
            w.pass(OVERLAP);
            w.converse();

            w.onePairStands();
        }
    }

    /** Both runs are through at both ends, and nothing was sent under their pairs yet. */
    private static Rekey[] bothMade(World w) {
        Rekey rekeyOfA = ofA(w, "a1000000", "a2000000");
        Rekey rekeyOfB = ofB(w, "b1000000", "b2000000");
        for (int i = 0; i < STEPS; i++) {
            rekeyOfA.step();
            rekeyOfB.step();
        }
        assertThat(rekeyOfA.made).isNotNull();
        assertThat(rekeyOfB.made).isNotNull();
        return new Rekey[] {rekeyOfA, rekeyOfB};
    }

    @Test
    void ofTwoConfirmedPairsTheOneWithTheSmallerSpiGivesWay() {
        try (World w = new World()) {
            Rekey[] both = bothMade(w);

            w.converse();

            for (SadbEntry entry : w.a.listed()) {
                boolean wins = entry.pairId().equals(both[1].madeThere.inbound().pairId());
                assertThat(entry.state()).as(entry.toString()).isEqualTo(wins ? SaState.MATURE : SaState.DYING);
            }
            for (SadbEntry entry : w.b.listed()) {
                boolean wins = entry.pairId().equals(both[1].made.inbound().pairId());
                assertThat(entry.state()).as(entry.toString()).isEqualTo(wins ? SaState.MATURE : SaState.DYING);
            }
            w.pass(OVERLAP);
            w.onePairStands();
        }
    }

    @Test
    void whatWasAskedUnderThePairThatGivesWayIsAnsweredUnderItAndLaterUnderTheOther() {
        try (World w = new World()) {
            bothMade(w);
            Exchange underOld = new Exchange(w.a, w.b);
            Exchange soon = new Exchange(w.a, w.b);
            Exchange late = new Exchange(w.a, w.b);
            // The first request after the re-key tries the new pair, those after it do not.
            soon.step();
            underOld.step();
            w.pass(PROBE);
            late.step();
            soon.step();
            late.step();
            underOld.step();
            assertThat(soon.request.spi()).isEqualTo(Spi.ofHex("a2000000"));
            assertThat(late.request.spi()).isEqualTo(Spi.ofHex("a2000000"));
            assertThat(underOld.request.spi()).isEqualTo(Spi.ofHex("0b0b0b0b"));
            w.converse();

            w.pass(OVERLAP.minus(PROBE.multipliedBy(5)));
            soon.step();
            assertThat(soon.reply.spi()).isEqualTo(Spi.ofHex("a1000000"));
            soon.step();
            w.pass(OVERLAP);
            late.step();
            underOld.step();
            assertThat(late.reply.spi()).isEqualTo(Spi.ofHex("b2000000"));
            assertThat(underOld.reply.spi()).isEqualTo(Spi.ofHex("b2000000"));
            late.step();
            underOld.step();
            w.onePairStands();
        }
    }

    @Test
    void aPairThatOnlyOneEndHasGoesAndTheOtherStays() {
        try (World w = new World()) {
            Rekey rekeyOfA = ofA(w, "f1000000", "f2000000");
            Rekey rekeyOfB = ofB(w, "b1000000", "b2000000");
            for (int i = 0; i < STEPS - 1; i++) {
                rekeyOfB.step();
                rekeyOfA.step();
            }
            // The answer to A, though its pair would rank first, is never heard.
            rekeyOfB.step();
            w.converse();

            w.pass(OVERLAP);
            w.converse();

            w.onePairStands();
            assertThat(spi(w.b.listed(), Direction.INBOUND)).isEqualTo(Spi.ofHex("b1000000"));
        }
    }

    @Test
    void aRunWhosePeerWasFasterIsTakenBackWithWhatItReserved() {
        try (World w = new World()) {
            Rekey rekeyOfA = ofA(w, "a1000000", "a2000000");
            rekeyOfA.step();
            rekeyOfA.step();
            ofB(w, "b1000000", "b2000000").run();
            w.converse();

            assertThat(rekeyOfA.isOn()).isFalse();
            assertThat(w.a.listed()).noneMatch(entry -> entry.state() == SaState.LARVAL);
        }
    }
}
