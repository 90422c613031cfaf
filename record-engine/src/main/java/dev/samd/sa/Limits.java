// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.time.Duration;

/**
 * One set of ceilings of an SA (RFC 2367 s2.3.2). Whichever is met first counts; 0 stands for no limit.
 *
 * @param addTime from the installation
 * @param useTime from the first use
 * @param records sealed, or accepted
 * @param octets of plaintext sealed, or accepted
 * @param failedOpenings that reached the AEAD and failed; inbound only
 */
public record Limits(Duration addTime, Duration useTime, long records, long octets, long failedOpenings) {
    /** How many failed openings a crash may forget: they count for a key however often its holder starts (RFC 9147 s4.5.3). */
    public static final int FORGERY_STEP = 1 << 6;

    /** Time limits end here, so that nanoseconds never overflow. */
    private static final Duration MAX_TIME = Duration.ofDays(100 * 365);

    /** No limit at all. */
    public static final Limits NONE = new Limits(Duration.ZERO, Duration.ZERO, 0, 0, 0);

    public Limits {
        requireTime("time", addTime);
        requireTime("use time", useTime);
        requireCount("records", records);
        requireCount("octets", octets);
        requireCount("failed openings", failedOpenings);
    }

    private static void requireTime(String what, Duration time) {
        if (time.isNegative() || time.compareTo(MAX_TIME) > 0) {
            throw new SaException(
                    SaError.INVALID_LIFETIME,
                    time.toString(),
                    "limit of " + what + " is " + time + "; 0.." + MAX_TIME + " expected");
        }
    }

    private static void requireCount(String what, long count) {
        if (count < 0) {
            throw new SaException(
                    SaError.INVALID_LIFETIME, Long.toString(count), "limit of " + what + " is " + count + ", below 0");
        }
    }

    /** These limits with another ceiling of records. */
    public Limits withRecords(long records) {
        return new Limits(addTime, useTime, records, octets, failedOpenings);
    }

    /** These limits with another ceiling of failed openings. */
    public Limits withFailedOpenings(long failedOpenings) {
        return new Limits(addTime, useTime, records, octets, failedOpenings);
    }

    /** The tighter of the two in every dimension. */
    public Limits tightenedBy(Limits other) {
        if (equals(NONE) || equals(other)) {
            return other;
        }
        Limits tightest = new Limits(
                tighter(addTime, other.addTime),
                tighter(useTime, other.useTime),
                tighter(records, other.records),
                tighter(octets, other.octets),
                tighter(failedOpenings, other.failedOpenings));
        return tightest.equals(this) ? this : tightest;
    }

    private static Duration tighter(Duration a, Duration b) {
        if (a.isZero() || b.isZero()) {
            return a.isZero() ? b : a;
        }
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static long tighter(long a, long b) {
        if (a == 0 || b == 0) {
            return a + b;
        }
        return Math.min(a, b);
    }
}
