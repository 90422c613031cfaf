// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.daemon.sadb.AcquireView;
import dev.samd.daemon.sadb.Notice;
import dev.samd.daemon.sadb.Origin;
import dev.samd.daemon.sadb.SadbBounds;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.SadbEvent;
import dev.samd.daemon.sadb.Timings;
import dev.samd.engine.NoUsableSaException;
import dev.samd.engine.Protected;
import dev.samd.engine.Unprotected;
import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import dev.samd.sa.Spi;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two daemons whose programs talk without a pause, in both directions and on several threads, while their pair meets its soft
 * limits again and again: nothing is refused and nothing is lost.
 *
 * <p>Time is what the programs make it: one step for each exchange of the slowest of them. So a thread that the machine holds
 * up holds up the time as well, and what it has under way never grows old. Each of them waits for both databases now and then,
 * so that these are never further behind than a small part of an overlap.
 */
class RekeyUnderLoadTest {
    private static final int THREADS = 5;
    private static final int EXCHANGES = 4000;
    /** So far one thread may be ahead of the slowest: less than a replay window for all of them together. */
    private static final int AHEAD = 500;

    /** So often a thread waits until both databases have seen all that came before. */
    private static final int SETTLED_EVERY = 50;

    private static final long STEP = Duration.ofMillis(200).toNanos();
    private static final long SOFT = 2500;

    private static final Lifetime WORN = new Lifetime(records(SOFT), records(1_000_000));

    /** Long enough for threads that the machine holds up: here nobody is late. */
    private static final Timings PATIENT = new Timings(
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Timings.DEFAULT.overlap(),
            0);

    private final AtomicInteger[] done =
            IntStream.range(0, THREADS).mapToObj(i -> new AtomicInteger()).toArray(AtomicInteger[]::new);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private RekeyEnd a;
    private RekeyEnd b;

    private static Limits records(long records) {
        return new Limits(Duration.ZERO, Duration.ZERO, records, 0, 0);
    }

    private int slowest() {
        return Arrays.stream(done).mapToInt(AtomicInteger::get).min().orElseThrow();
    }

    @BeforeEach
    void start() {
        Clocks clocks = new Clocks(() -> slowest() * STEP, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        SadbBounds bounds = SadbBounds.MEMORY.with(PATIENT);
        a = new RekeyEnd("coap://a", "coap://b", clocks, bounds);
        b = new RekeyEnd("coap://b", "coap://a", clocks, bounds);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        a.close();
        b.close();
    }

    private void firstPair(Lifetime lifetime) {
        Origin kmpd = Origin.of(RekeyEnd.KMPD);
        Spi toA = Spi.ofHex("0a000000");
        Spi toB = Spi.ofHex("0b000000");
        a.install(kmpd, PairRole.INITIATOR, false, toA, toB, 0, PairId.NONE, lifetime);
        b.install(kmpd, PairRole.RESPONDER, false, toB, toA, 0, PairId.NONE, lifetime);
    }

    /** A request, its response, and both of them opened at once. */
    private static void exchange(RekeyEnd from, RekeyEnd to) {
        Protected request = from.request();
        Unprotected arrived = to.opened(request);
        from.openedReply(to.reply(arrived), request);
    }

    private boolean talk(int number) throws InterruptedException {
        RekeyEnd from = number % 2 == 0 ? a : b;
        RekeyEnd to = from == a ? b : a;
        try {
            for (int i = 1; i <= EXCHANGES; i++) {
                exchange(from, to);
                if (i % SETTLED_EVERY == 0) {
                    a.settle();
                    b.settle();
                }
                keepPace(number, i);
            }
        } finally {
            // Whoever waits for this one would wait for ever after a failure.
            keepPace(number, EXCHANGES);
        }
        return true;
    }

    private void keepPace(int number, int exchanges) throws InterruptedException {
        synchronized (done) {
            done[number].set(exchanges);
            done.notifyAll();
            while (exchanges - slowest() > AHEAD && exchanges < EXCHANGES) {
                done.wait();
            }
        }
    }

    /** The KMPs of both ends. They do not look whether the other one is at work. */
    private final class Kmps {
        private int runs;
        private final AtomicInteger installed = new AtomicInteger();

        void serve() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    serve(a, b);
                    serve(b, a);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void serve(RekeyEnd end, RekeyEnd other) throws InterruptedException {
            Notice.ToKmp told = end.told.poll(1, TimeUnit.MILLISECONDS);
            if (!(told instanceof Notice.Offered offered)) {
                return;
            }
            runs++;
            end.ask((sadb, now) -> sadb.accept(now, offered.kmp(), offered.sequence()));
            Origin claim = claimed(end, offered.sequence());
            if (claim == null) {
                return;
            }
            PairId old = offered.need().replaces();
            Spi in = Spi.ofHex(String.format("%08x", 0x10000000 + runs * 2));
            Spi out = Spi.ofHex(String.format("%08x", 0x10000001 + runs * 2));
            try {
                end.reserve(claim, in);
                other.install(
                        Origin.of(RekeyEnd.KMPD),
                        PairRole.RESPONDER,
                        true,
                        out,
                        in,
                        runs,
                        sameAt(other, end, old),
                        WORN);
                end.install(claim, PairRole.INITIATOR, true, in, out, runs, old, WORN);
                installed.incrementAndGet();
            } catch (CompletionException e) {
                // The other end's run was faster: this one was taken back meanwhile.
                assertThat(e.getCause())
                        .isInstanceOfSatisfying(SaException.class, refusal -> assertThat(refusal.error())
                                .isEqualTo(SaError.STALE_ACQUIRE));
            }
        }

        private @Nullable Origin claimed(RekeyEnd end, long sequence) throws InterruptedException {
            while (true) {
                Notice.ToKmp told = end.told.poll(20, TimeUnit.SECONDS);
                if (told instanceof Notice.Claimed claimed && claimed.sequence() == sequence) {
                    return new Origin(RekeyEnd.KMPD, Octets.EMPTY, sequence, claimed.claim());
                }
                if (told instanceof Notice.Withdrawn withdrawn && withdrawn.sequence() == sequence) {
                    return null;
                }
                assertThat(told).as("what the KMP is told").isNotNull();
            }
        }

        private PairId sameAt(RekeyEnd other, RekeyEnd end, PairId pair) {
            Set<Spi> out = end.listed().stream()
                    .filter(entry -> entry.pairId().equals(pair) && entry.direction() == Direction.OUTBOUND)
                    .map(SadbEntry::spi)
                    .collect(Collectors.toSet());
            return other.listed().stream()
                    .filter(entry -> entry.direction() == Direction.INBOUND && out.contains(entry.spi()))
                    .map(SadbEntry::pairId)
                    .findFirst()
                    .orElse(PairId.NONE);
        }
    }

    @Test
    void nothingIsRefusedOrLostWhileThePairIsReplacedAgainAndAgain() throws Exception {
        firstPair(WORN);
        Kmps kmps = new Kmps();
        Future<?> serving = threads.submit(() -> kmps.serve());
        List<Future<?>> talking = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            talking.add(threads.submit(() -> talk(number)));
        }
        for (Future<?> one : talking) {
            one.get(120, TimeUnit.SECONDS);
        }
        serving.cancel(true);

        assertThat(kmps.installed.get()).isGreaterThanOrEqualTo(3);
        for (RekeyEnd end : List.of(a, b)) {
            end.settle();
            assertThat(superseded(end)).hasSizeGreaterThanOrEqualTo(3);
            assertThat(endedByTime(end)).hasSizeGreaterThanOrEqualTo(4).allSatisfy(sa -> assertThat(superseded(end))
                    .as("what ended gave way before")
                    .contains(sa));
            assertThat(end.listed().stream()
                            .filter(entry -> entry.state() == SaState.MATURE && !entry.unconfirmed())
                            .map(SadbEntry::pairId)
                            .distinct())
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    /** The SAs that were DYING because their pair had a successor, or was worn. */
    private static Set<SaId> superseded(RekeyEnd end) {
        return end.events().stream()
                .filter(SadbEvent.Updated.class::isInstance)
                .map(event -> ((SadbEvent.Updated) event).entry())
                .filter(entry -> entry.state() == SaState.DYING)
                .map(SadbEntry::id)
                .collect(Collectors.toSet());
    }

    private static Set<SaId> endedByTime(RekeyEnd end) {
        return end.events().stream()
                .filter(event -> event instanceof SadbEvent.Expired expired
                        && expired.hard()
                        && expired.cause() == ExpireCause.TIME)
                .map(event -> ((SadbEvent.Expired) event).entry())
                .filter(entry -> !entry.unconfirmed() && entry.parameters().isPresent())
                .map(SadbEntry::id)
                .collect(Collectors.toSet());
    }

    @Test
    void aRekeyThatFailsKeepsThePairUntilItsHardLimitAndSaysSo() {
        long hard = 400;
        firstPair(new Lifetime(records(100), records(hard)));
        PairId pair = a.listed().get(0).pairId();

        for (int i = 0; i < hard; i++) {
            exchange(a, b);
            for (RekeyEnd end : List.of(a, b)) {
                end.settle();
                Notice.Offered offered = end.last(Notice.Offered.class);
                if (offered != null) {
                    end.told.clear();
                    end.ask((sadb, now) -> sadb.decline(now, offered.kmp(), offered.sequence(), "the AS is away"));
                }
            }
            done[i % THREADS].incrementAndGet();
        }
        a.settle();

        NoUsableSaException refused = catchThrowableOfType(NoUsableSaException.class, a::request);
        assertThat(refused.error()).isEqualTo(SaError.NO_USABLE_SA);
        assertThat(a.events())
                .filteredOn(SadbEvent.Acquiring.class::isInstance)
                .map(event -> ((SadbEvent.Acquiring) event).acquire())
                .filteredOn(acquire -> acquire.state() == AcquireView.State.FAILED)
                .isNotEmpty()
                .allSatisfy(acquire -> {
                    assertThat(acquire.replaces()).isEqualTo(pair);
                    assertThat(acquire.reason()).contains("the AS is away");
                });
        assertThat(a.events())
                .filteredOn(SadbEvent.Expired.class::isInstance)
                .map(event -> (SadbEvent.Expired) event)
                .filteredOn(expired -> expired.entry().direction() == Direction.OUTBOUND)
                .extracting(SadbEvent.Expired::hard)
                .containsExactly(false, true);
    }
}
