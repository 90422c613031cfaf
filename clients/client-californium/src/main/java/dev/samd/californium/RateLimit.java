// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

/** A token bucket: at most so many events in a second. Thread-safe. */
final class RateLimit {
    private final int perSecond;
    private long secondStartNanos;
    private int left;

    RateLimit(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.secondStartNanos = nowNanos;
        this.left = perSecond;
    }

    /** Takes one event, where one is left. */
    synchronized boolean take(long nowNanos) {
        if (nowNanos - secondStartNanos >= 1_000_000_000L) {
            secondStartNanos = nowNanos;
            left = perSecond;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
