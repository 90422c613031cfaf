// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.ExpireCause;
import dev.samd.sa.Limits;
import dev.samd.sa.Usage;
import java.time.Duration;
import java.util.Optional;

/** When SAs expire by time, and whether a soft limit is met. Counts are enforced by the record engine. */
final class Lifetimes {
    /** The deadline of what has none. */
    static final long NEVER = Long.MIN_VALUE;

    /** What remains of a credential when a successor is asked for, in tenths of the whole. */
    private static final int TOKEN_REMAINS = 1;

    private Lifetimes() {}

    /** The next moment at which time alone changes this SA, or {@link #NEVER}. */
    static long nextDeadline(SadbEntry entry) {
        return switch (entry.state()) {
            case LARVAL -> entry.endNanos();
            case MATURE -> earlier(softDeadline(entry), endDeadline(entry));
            case DYING -> endDeadline(entry);
            case DEAD -> NEVER;
        };
    }

    /** The moment at which time alone ends this SA, or {@link #NEVER}. */
    static long endDeadline(SadbEntry entry) {
        return earlier(earlier(limit(entry, hard(entry), false), entry.tokenEndNanos()), entry.endNanos());
    }

    /** The hard limit of time that is met. */
    static Optional<ExpireCause> hardMet(SadbEntry entry, long now) {
        Optional<ExpireCause> byLimit = limitMet(entry, hard(entry), false, now);
        return byLimit.isPresent() || !isMet(entry.tokenEndNanos(), now)
                ? byLimit
                : Optional.of(ExpireCause.TOKEN_EXPIRED);
    }

    /** The soft limit of time that is met. */
    static Optional<ExpireCause> softMet(SadbEntry entry, long now) {
        Optional<ExpireCause> byLimit = limitMet(entry, soft(entry), true, now);
        return byLimit.isPresent() || !isMet(tokenSoft(entry), now) ? byLimit : Optional.of(ExpireCause.TOKEN_EXPIRED);
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

    /** Whether a moment has come. */
    static boolean isMet(long deadline, long now) {
        return deadline != NEVER && now - deadline >= 0;
    }

    /** The earlier of two monotonic times, which compare by difference. */
    static long earlier(long a, long b) {
        if (a == NEVER || b == NEVER) {
            return a == NEVER ? b : a;
        }
        return a - b <= 0 ? a : b;
    }

    private static boolean met(long count, long limit) {
        return limit != 0 && count >= limit;
    }

    private static Optional<ExpireCause> limitMet(SadbEntry entry, Limits limits, boolean soft, long now) {
        if (isMet(byAddTime(entry, limits, soft), now)) {
            return Optional.of(ExpireCause.TIME);
        }
        return isMet(byUseTime(entry, limits, soft), now) ? Optional.of(ExpireCause.USE_TIME) : Optional.empty();
    }

    private static long softDeadline(SadbEntry entry) {
        return earlier(limit(entry, soft(entry), true), tokenSoft(entry));
    }

    private static long limit(SadbEntry entry, Limits limits, boolean soft) {
        return earlier(byAddTime(entry, limits, soft), byUseTime(entry, limits, soft));
    }

    private static long byAddTime(SadbEntry entry, Limits limits, boolean soft) {
        return deadline(
                entry.addedNanos(),
                limits.addTime(),
                soft ? earlierBy(entry, hard(entry).addTime(), limits.addTime()) : 0);
    }

    private static long byUseTime(SadbEntry entry, Limits limits, boolean soft) {
        boolean used = entry.firstUsedNanos() != Usage.NEVER;
        return used
                ? deadline(
                        entry.firstUsedNanos(),
                        limits.useTime(),
                        soft ? earlierBy(entry, hard(entry).useTime(), limits.useTime()) : 0)
                : NEVER;
    }

    /** A soft limit that hard comes before, or with, never happens: chance must not bring it forward. */
    private static int earlierBy(SadbEntry entry, Duration hard, Duration soft) {
        boolean never = !hard.isZero() && soft.compareTo(hard) >= 0;
        return never ? 0 : entry.softEarlierPermille();
    }

    private static long deadline(long from, Duration limit, int earlierPermille) {
        return limit.isZero() ? NEVER : from + limit.toNanos() - limit.toNanos() / 1000 * earlierPermille;
    }

    private static long tokenSoft(SadbEntry entry) {
        long end = entry.tokenEndNanos();
        return end == NEVER ? NEVER : end - (end - entry.addedNanos()) / 10 * TOKEN_REMAINS;
    }

    private static Limits soft(SadbEntry entry) {
        return entry.parameters().map(p -> p.lifetime().soft()).orElse(Limits.NONE);
    }

    private static Limits hard(SadbEntry entry) {
        return entry.parameters().map(p -> p.lifetime().hard()).orElse(Limits.NONE);
    }
}
