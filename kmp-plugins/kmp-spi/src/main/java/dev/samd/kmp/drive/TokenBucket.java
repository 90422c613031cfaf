// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import java.time.Duration;
import java.time.Instant;

/** So many a second on average, and so many at once. Not thread-safe. */
final class TokenBucket {
    private final double perSecond;
    private final int burst;
    private double tokens;
    private Instant filled;

    TokenBucket(double perSecond, int burst, Instant now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.filled = now;
    }

    /** Whether there is a token. */
    boolean has(Instant now) {
        fill(now);
        return tokens >= 1;
    }

    /** Takes a token, if there is one. */
    boolean take(Instant now) {
        if (!has(now)) {
            return false;
        }
        tokens--;
        return true;
    }

    private void fill(Instant now) {
        Duration since = Duration.between(filled, now);
        // A wall clock may go back: then nothing is filled until it has caught up, or the difference is absurd.
        if (since.isNegative() && since.toSeconds() > -burst) {
            return;
        }
        tokens = Math.min(burst, tokens + Math.max(0, since.toNanos()) / 1e9 * perSecond);
        filled = now;
    }
}
