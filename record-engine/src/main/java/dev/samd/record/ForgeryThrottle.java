// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Two token buckets that failed openings are debited from, at most 64 at once and one per second, so that whoever sends
 * rubbish under a connection ID it has seen cannot use up the SA's limit of failed openings in a moment. Thread-safe.
 *
 * <p>One bucket serves the source of the newest verified record, one all others together: addresses are free to forge, and
 * a flood from elsewhere must not shut out the real path. Openings that succeed cost nothing.
 *
 * <p>A bucket is one number: the time at which it will be full again. It holds {@code 64 - (full - now)} tokens.
 */
final class ForgeryThrottle {
    static final long BURST = 64;
    static final long NANOS_PER_TOKEN = 1_000_000_000L;

    private final AtomicLong knownFullAt;
    private final AtomicLong othersFullAt;

    /** Both buckets are full. */
    ForgeryThrottle(long nowNanos) {
        knownFullAt = new AtomicLong(nowNanos);
        othersFullAt = new AtomicLong(nowNanos);
    }

    /** Whether a record has to be dropped unopened, because no token is left. */
    boolean isEmpty(boolean known, long nowNanos) {
        // Differences, never the times themselves: nanoTime may have any value, and wraps.
        return bucket(known).get() - nowNanos > (BURST - 1) * NANOS_PER_TOKEN;
    }

    /** Takes a token for an opening that failed. */
    void debit(boolean known, long nowNanos) {
        bucket(known).updateAndGet(full -> (full - nowNanos > 0 ? full : nowNanos) + NANOS_PER_TOKEN);
    }

    private AtomicLong bucket(boolean known) {
        return known ? knownFullAt : othersFullAt;
    }
}
