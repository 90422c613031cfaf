// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.SaError;
import dev.samd.sa.Usage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sixty-four threads on one SA. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ConcurrencyTest {
    private static final int THREADS = 64;

    private interface Work {
        void run(int thread) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(names = {"AES_128_CCM_8", "AES_256_GCM", "CHACHA20_POLY1305"})
    void noNumberIsGivenTwiceAndEachRecordIsAcceptedOnce(AeadAlgorithm algorithm) throws Exception {
        int perThread = 60;
        TestSa sa = TestSa.of(algorithm).window(4096);
        Sealer sealer = sa.sealer();
        Opener opener = sa.opener();
        Queue<byte[]> records = new ConcurrentLinkedQueue<>();
        Set<Long> numbers = ConcurrentHashMap.newKeySet();
        together(thread -> {
            for (int i = 0; i < perThread; i++) {
                byte[] message = message(thread, i);
                SealResult.Sealed sealed = (SealResult.Sealed) sealer.seal(message, 0, 0, 0);
                assertThat(numbers.add(sealed.sequence()))
                        .as("number %d", sealed.sequence())
                        .isTrue();
                records.add(sealed.octets());
            }
        });
        assertThat(numbers).hasSize(THREADS * perThread);

        // Every record goes to four threads, in an order of their own.
        Queue<Integer> accepted = new ConcurrentLinkedQueue<>();
        List<byte[]> all = new ArrayList<>(records);
        together(thread -> {
            List<byte[]> mine = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                if (i % (THREADS / 4) == thread % (THREADS / 4)) {
                    mine.add(all.get(i));
                }
            }
            Collections.shuffle(mine, new Random(thread));
            for (byte[] record : mine) {
                OpenResult result = opener.open(new RecordView(record), TestSa.SOURCE, 0);
                if (result instanceof OpenResult.Opened opened) {
                    accepted.add(ByteBuffer.wrap(opened.plaintext()).getInt());
                } else {
                    assertThat(result).isEqualTo(new OpenResult.Discarded(DiscardReason.REPLAY));
                }
            }
        });

        assertThat(accepted).hasSize(THREADS * perThread).doesNotHaveDuplicates();
        Usage usage = opener.usage();
        assertThat(usage.records()).isEqualTo(1L * THREADS * perThread);
        assertThat(usage.octets()).isEqualTo(4L * THREADS * perThread);
        assertThat(usage.discarded()).containsEntry(DiscardReason.REPLAY, 3L * THREADS * perThread);
        assertThat(sealer.usage().octets()).isEqualTo(4L * THREADS * perThread);
    }

    @Test
    void acceptanceGoesOnWhileTheWindowMoves() throws Exception {
        TestSa sa = TestSa.ccm8().window(64);
        Sealer sealer = sa.sealer();
        Opener opener = sa.opener();
        Set<Long> accepted = ConcurrentHashMap.newKeySet();
        AtomicLong twice = new AtomicLong();

        // Everybody opens the record it made, and one that somebody else made just before.
        Queue<byte[]> shared = new ConcurrentLinkedQueue<>();
        together(thread -> {
            for (int i = 0; i < 500; i++) {
                byte[] record = TestSa.octetsOf(sealer.seal(message(thread, i), 0, 0, 0));
                shared.add(record);
                byte[] other = shared.poll();
                for (byte[] arrived : other == null ? List.of(record) : List.of(record, other)) {
                    if (opener.open(new RecordView(arrived), TestSa.SOURCE, 0) instanceof OpenResult.Opened opened
                            && !accepted.add(opened.sequence())) {
                        twice.incrementAndGet();
                    }
                }
            }
        });

        assertThat(twice).hasValue(0);
        assertThat(opener.usage().records()).isEqualTo(accepted.size());
        assertThat(opener.usage().failedOpenings()).isZero();
    }

    @Test
    void theHardLimitOfRecordsIsExact() throws Exception {
        Wear wear = new Wear();
        TestSa sa = TestSa.ccm8().window(4096).soft(500, 0).hard(1000, 0);
        Sealer sealer = new Sealer(sa.outbound(), TestSa.NO_MARK, wear);
        Queue<byte[]> records = new ConcurrentLinkedQueue<>();

        together(thread -> {
            for (int i = 0; i < 40; i++) {
                SealResult result = sealer.seal(message(thread, i), 0, 0, 0);
                if (result instanceof SealResult.Sealed sealed) {
                    records.add(sealed.octets());
                } else {
                    assertThat(result).isEqualTo(new SealResult.Refused(SaError.SA_EXPIRED));
                }
            }
        });

        assertThat(records).hasSize(1000);
        assertThat(wear.events()).containsExactlyInAnyOrder("used", "soft RECORDS", "hard RECORDS");
    }

    @Test
    void theHardLimitOfAcceptedRecordsIsExact() throws Exception {
        Wear wear = new Wear();
        TestSa sa = TestSa.ccm8().window(4096);
        Sealer sealer = sa.sealer();
        Opener opener = new Opener(sa.hard(1000, 0).inbound(), TestSa.NO_MARK, wear);
        AtomicLong accepted = new AtomicLong();

        together(thread -> {
            for (int i = 0; i < 40; i++) {
                byte[] record = TestSa.octetsOf(sealer.seal(message(thread, i), 0, 0, 0));
                if (opener.open(new RecordView(record), TestSa.SOURCE, 0) instanceof OpenResult.Opened) {
                    accepted.incrementAndGet();
                }
            }
        });

        assertThat(accepted).hasValue(1000);
        assertThat(wear.events()).containsExactlyInAnyOrder("used", "hard RECORDS");
    }

    @Test
    void noNumberPassesASendMarkThatRisesMeanwhile() throws Exception {
        Wear wear = new Wear();
        Sealer sealer = new Sealer(TestSa.ccm8().outbound(), 0, wear);
        AtomicLong durable = new AtomicLong();
        Set<Long> numbers = ConcurrentHashMap.newKeySet();

        together(thread -> {
            int sealed = 0;
            while (sealed < 50) {
                SealResult result = sealer.seal(message(thread, sealed), 0, 0, 0);
                if (result instanceof SealResult.MustWait wait) {
                    // What the authority does: first durable, then raised.
                    durable.accumulateAndGet(wait.mark() + 10, Math::max);
                    sealer.raiseSendMark(wait.mark() + 10);
                } else {
                    long number = ((SealResult.Sealed) result).sequence();
                    assertThat(number).isLessThan(durable.get());
                    assertThat(numbers.add(number)).isTrue();
                    sealed++;
                }
            }
        });

        assertThat(numbers).hasSize(50 * THREADS);
        assertThat(sealer.nextSequence()).isEqualTo(50L * THREADS);
    }

    @Test
    void everyRecordMadeWhileTheSaClosesIsUnderItsTrueKey() throws Exception {
        for (int round = 0; round < 15; round++) {
            TestSa sa = TestSa.ccm8().window(4096);
            Sealer sealer = sa.sealer();
            Queue<byte[]> records = new ConcurrentLinkedQueue<>();

            together(thread -> {
                for (int i = 0; i < 30; i++) {
                    SealResult result = sealer.seal(message(thread, i), 0, 0, 0);
                    if (result instanceof SealResult.Sealed sealed) {
                        records.add(sealed.octets());
                    } else {
                        assertThat(result).isEqualTo(new SealResult.Refused(SaError.SA_EXPIRED));
                    }
                    if (records.size() > 200) {
                        sealer.close();
                    }
                }
            });

            Opener opener = sa.opener();
            assertThat(records).hasSizeGreaterThan(200).hasSizeLessThan(30 * THREADS);
            assertThat(records).allSatisfy(record -> assertThat(opener.open(new RecordView(record), TestSa.SOURCE, 0))
                    .isInstanceOf(OpenResult.Opened.class));
        }
    }

    @Test
    void noRecordIsAForgeryWhileTheSaCloses() throws Exception {
        for (int round = 0; round < 15; round++) {
            TestSa sa = TestSa.ccm8().window(4096);
            Sealer sealer = sa.sealer();
            Opener opener = sa.opener();
            AtomicLong opened = new AtomicLong();

            together(thread -> {
                for (int i = 0; i < 30; i++) {
                    byte[] record = TestSa.octetsOf(sealer.seal(message(thread, i), 0, 0, 0));
                    if (opener.open(new RecordView(record), TestSa.SOURCE, 0) instanceof OpenResult.Opened
                            && opened.incrementAndGet() > 200) {
                        opener.close();
                    }
                }
            });

            assertThat(opener.usage().failedOpenings()).isZero();
            assertThat(opener.usage().discarded()).containsOnlyKeys(DiscardReason.SA_EXPIRED);
        }
    }

    private static byte[] message(int thread, int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(thread << 16 | number).array();
    }

    /** Lets all threads begin at once and waits for all; what one of them throws fails the test. */
    private static void together(Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                running.add(threads.submit(() -> {
                    start.await();
                    work.run(thread);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
