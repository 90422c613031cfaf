// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.ExpireCause;
import dev.samd.sa.Limits;
import dev.samd.sa.Usage;
import java.time.Duration;
import java.util.Optional;

/** When SAs expire by time, and whether a soft limit is met. Counts are enforced by the record engine. */
final class Lifetimes {
    /** A LARVAL SA that is not completed within this time is removed. */
    static final Duration LARVAL = Duration.ofSeconds(30);

    /** The deadline of what has none. */
    static final long NEVER = Long.MIN_VALUE;

    private Lifetimes() {}

    /** The next moment at which time alone changes this SA, or {@link #NEVER}. */
    static long nextDeadline(SadbEntry entry) {
        return switch (entry.state()) {
            case LARVAL -> entry.addedNanos() + LARVAL.toNanos();
            case MATURE -> earlier(deadline(entry, soft(entry)), deadline(entry, hard(entry)));
            case DYING -> deadline(entry, hard(entry));
            case DEAD -> NEVER;
        };
    }

    /** The moment at which time alone ends this SA, or {@link #NEVER}. */
    static long hardDeadline(SadbEntry entry) {
        return deadline(entry, hard(entry));
    }

    /** The hard limit of time that is met. */
    static Optional<ExpireCause> hardMet(SadbEntry entry, long now) {
        return timeMet(entry, hard(entry), now);
    }

    /** The soft limit of time that is met. */
    static Optional<ExpireCause> softMet(SadbEntry entry, long now) {
        return timeMet(entry, soft(entry), now);
    }

    /** Whether any soft limit is met, counts included. */
    static boolean anySoftMet(SadbEntry entry, Usage usage, long now) {
        Limits soft = soft(entry);
        return softMet(entry, now).isPresent()
                || met(usage.records(), soft.records())
                || met(usage.octets(), soft.octets())
                || met(usage.failedOpenings(), soft.failedOpenings());
    }

    /** Whether the hard limit of a cause comes with the soft one or before it, so that soft never happens. */
    static boolean hardComesFirst(SadbEntry entry, ExpireCause cause) {
        Limits soft = soft(entry);
        Limits hard = hard(entry);
        return switch (cause) {
            case RECORDS -> met(soft.records(), hard.records());
            case OCTETS -> met(soft.octets(), hard.octets());
            case FORGERY -> met(soft.failedOpenings(), hard.failedOpenings());
            case TIME, USE_TIME, SEQUENCE, TOKEN_EXPIRED -> false;
        };
    }

    private static boolean met(long count, long limit) {
        return limit != 0 && count >= limit;
    }

    private static Optional<ExpireCause> timeMet(SadbEntry entry, Limits limits, long now) {
        long elapsed = now - entry.addedNanos();
        if (!limits.addTime().isZero() && elapsed >= limits.addTime().toNanos()) {
            return Optional.of(ExpireCause.TIME);
        }
        boolean used = entry.firstUsedNanos() != Usage.NEVER;
        if (used
                && !limits.useTime().isZero()
                && now - entry.firstUsedNanos() >= limits.useTime().toNanos()) {
            return Optional.of(ExpireCause.USE_TIME);
        }
        return Optional.empty();
    }

    private static long deadline(SadbEntry entry, Limits limits) {
        long byAdd = limits.addTime().isZero()
                ? NEVER
                : entry.addedNanos() + limits.addTime().toNanos();
        boolean used = entry.firstUsedNanos() != Usage.NEVER;
        long byUse = !used || limits.useTime().isZero()
                ? NEVER
                : entry.firstUsedNanos() + limits.useTime().toNanos();
        return earlier(byAdd, byUse);
    }

    /** The earlier of two monotonic times, which compare by difference. */
    private static long earlier(long a, long b) {
        if (a == NEVER || b == NEVER) {
            return a == NEVER ? b : a;
        }
        return a - b <= 0 ? a : b;
    }

    private static Limits soft(SadbEntry entry) {
        return entry.parameters().map(p -> p.lifetime().soft()).orElse(Limits.NONE);
    }

    private static Limits hard(SadbEntry entry) {
        return entry.parameters().map(p -> p.lifetime().hard()).orElse(Limits.NONE);
    }
}
