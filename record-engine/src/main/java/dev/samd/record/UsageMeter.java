// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Past;
import dev.samd.sa.Usage;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The wear of one SA: its use, its failures, its limits, and what was already told of them. Thread-safe, without a lock.
 *
 * <p>Records and octets are counted where they are taken, by the {@link Sealer} and the {@link Opener}, so that a hard
 * limit is exact; here they are held against the limits. They extend this and do not have it: a daemon has millions of them. What was told is one word of bits, one per cause for soft and one
 * for hard; a hard bit is also what refuses the next record early.
 */
abstract sealed class UsageMeter permits Opener, Sealer {
    /** Failed openings that raise an alarm, for algorithms with a tag of 8 octets. */
    static final long ALARM = 1 << 6;

    private static final int SHORT_TAG = 8;
    private static final int HARD = 16;
    private static final AtomicLongFieldUpdater<UsageMeter> FAILED = counter("failedOpenings");
    private static final AtomicLongFieldUpdater<UsageMeter> FIRST_USED = counter("firstUsed");
    private static final AtomicLongFieldUpdater<UsageMeter> LAST_USED = counter("lastUsed");
    private static final AtomicIntegerFieldUpdater<UsageMeter> TOLD =
            AtomicIntegerFieldUpdater.newUpdater(UsageMeter.class, "told");

    private final AeadAlgorithm aead;
    /** Hears of it. */
    final WearListener listener;

    private volatile Lifetime lifetime;
    private volatile int told;
    private volatile long failedOpenings;
    private volatile long firstUsed = Usage.NEVER;
    private volatile long lastUsed = Usage.NEVER;
    /** Made, for all reasons, when the first record is discarded, and not changed afterwards but for its counts. */
    private volatile @Nullable Map<DiscardReason, LongAdder> discarded;

    /** Failed openings of earlier holders. */
    private final long failedBefore;

    UsageMeter(AeadAlgorithm aead, Lifetime lifetime, Past past, WearListener listener) {
        this.aead = aead;
        this.lifetime = lifetime;
        this.listener = listener;
        failedBefore = past.failedOpenings();
        failedOpenings = failedBefore;
        firstUsed = past.firstUsedNanos();
        lastUsed = past.lastUsedNanos();
        long hard = lifetime.within(aead).hard().failedOpenings();
        if (met(failedOpenings, hard)) {
            // Told in an earlier run.
            told = hardBit(ExpireCause.FORGERY);
        }
    }

    private static AtomicLongFieldUpdater<UsageMeter> counter(String field) {
        return AtomicLongFieldUpdater.newUpdater(UsageMeter.class, field);
    }

    /** The hard limits in force. */
    Limits hard() {
        return lifetime.hard();
    }

    /**
     * Puts other limits in force, never beyond those of the algorithm. What they no longer find met can be told again; what
     * they find met is told with the next record.
     */
    void limits(Lifetime wanted, long records, long octets) {
        Lifetime other = wanted.within(aead);
        lifetime = other;
        retract(
                ExpireCause.RECORDS,
                records,
                other.soft().records(),
                other.hard().records());
        retract(ExpireCause.OCTETS, octets, other.soft().octets(), other.hard().octets());
        retract(
                ExpireCause.FORGERY,
                failedOpenings,
                other.soft().failedOpenings(),
                other.hard().failedOpenings());
    }

    private void retract(ExpireCause cause, long count, long soft, long hard) {
        int bits = (met(count, soft) ? 0 : softBit(cause)) | (met(count, hard) ? 0 : hardBit(cause));
        TOLD.getAndUpdate(this, now -> now & ~bits);
    }

    /** Notes a record that was sealed or accepted; the counts include it. */
    void used(long nowNanos, long records, long octets) {
        LAST_USED.lazySet(this, nowNanos);
        if (firstUsed == Usage.NEVER && FIRST_USED.compareAndSet(this, Usage.NEVER, nowNanos)) {
            listener.used();
        }
        Lifetime limits = lifetime;
        compare(
                ExpireCause.RECORDS,
                records,
                limits.soft().records(),
                limits.hard().records());
        compare(
                ExpireCause.OCTETS,
                octets,
                limits.soft().octets(),
                limits.hard().octets());
    }

    /** Notes an opening that reached the AEAD and failed. */
    void failedOpening() {
        long failed = FAILED.incrementAndGet(this);
        if (failed == ALARM && aead.tagLength() == SHORT_TAG) {
            listener.alarm(failed);
        }
        Lifetime limits = lifetime;
        if ((failed - failedBefore) % Limits.FORGERY_STEP == 1) {
            listener.failedStep();
        }
        compare(
                ExpireCause.FORGERY,
                failed,
                limits.soft().failedOpenings(),
                limits.hard().failedOpenings());
    }

    private void compare(ExpireCause cause, long count, long soft, long hard) {
        if (met(count, hard)) {
            ended(cause);
        } else if (met(count, soft) && tell(softBit(cause))) {
            listener.soft(cause);
        }
    }

    private static boolean met(long count, long limit) {
        return limit != 0 && count >= limit;
    }

    /** Tells, once, that a hard limit was met. */
    void ended(ExpireCause cause) {
        if (tell(hardBit(cause))) {
            listener.hard(cause);
        }
    }

    /** Whether that hard limit was met. */
    boolean hasEnded(ExpireCause cause) {
        return (told & hardBit(cause)) != 0;
    }

    private boolean tell(int bit) {
        return (told & bit) == 0 && (TOLD.getAndUpdate(this, now -> now | bit) & bit) == 0;
    }

    private static int softBit(ExpireCause cause) {
        return switch (cause) {
            case RECORDS -> 1;
            case OCTETS -> 1 << 1;
            case FORGERY -> 1 << 2;
            case SEQUENCE -> 1 << 3;
            case TIME, USE_TIME, TOKEN_EXPIRED -> throw new IllegalArgumentException(cause + " is not counted here");
        };
    }

    private static int hardBit(ExpireCause cause) {
        return softBit(cause) << HARD;
    }

    /** Which hard limit these counts would be beyond, {@code null} if none. */
    @Nullable
    ExpireCause beyondHard(long records, long octets) {
        Limits hard = hard();
        if (hard.records() != 0 && records > hard.records()) {
            return ExpireCause.RECORDS;
        }
        return hard.octets() != 0 && octets > hard.octets() ? ExpireCause.OCTETS : null;
    }

    /** Whether a hard limit was met. */
    boolean isEnded() {
        return told >>> HARD != 0;
    }

    /** Why no record can be opened any more, {@code null} if one can. */
    @Nullable
    DiscardReason refusal() {
        int hard = told >>> HARD;
        if (hard == 0) {
            return null;
        }
        return hard == softBit(ExpireCause.FORGERY) ? DiscardReason.FORGERY_LIMIT : DiscardReason.SA_EXPIRED;
    }

    /** Counts a record that was not accepted. */
    void discarded(DiscardReason reason) {
        Map<DiscardReason, LongAdder> counts = discarded;
        if (counts == null) {
            counts = startCounting();
        }
        Objects.requireNonNull(counts.get(reason)).increment();
    }

    private synchronized Map<DiscardReason, LongAdder> startCounting() {
        Map<DiscardReason, LongAdder> counts = discarded;
        if (counts == null) {
            counts = new EnumMap<>(DiscardReason.class);
            for (DiscardReason reason : DiscardReason.values()) {
                counts.put(reason, new LongAdder());
            }
            discarded = counts;
        }
        return counts;
    }

    /** Everything so far, with the counts that are kept elsewhere. */
    Usage usage(long records, long octets, long nextSequence) {
        return new Usage(records, octets, failedOpenings, firstUsed, lastUsed, nextSequence, discardedByReason());
    }

    private Map<DiscardReason, Long> discardedByReason() {
        Map<DiscardReason, LongAdder> counts = discarded;
        if (counts == null) {
            return Map.of();
        }
        Map<DiscardReason, Long> byReason = new EnumMap<>(DiscardReason.class);
        counts.forEach((reason, count) -> byReason.put(reason, count.sum()));
        byReason.values().removeIf(count -> count == 0);
        return byReason;
    }
}
