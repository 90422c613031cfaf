// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

/**
 * A rate: as many at once as a second has, and then one after another. Kept as the time at which it would be whole again, so
 * that nothing has to be filled in the background. Confined to its owner.
 */
final class Bucket {
    private static final long SECOND = 1_000_000_000L;

    private long wholeAt;
    private boolean used;

    /** How many milliseconds are missing until there is room for one more; 0 if there is. */
    int missingMillis(int perSecond, long now) {
        long excess = owed(now) + each(perSecond) - SECOND;
        return excess > 0 ? (int) (excess / 1_000_000 + 1) : 0;
    }

    /** Takes one, whether or not there is room; it never owes more than a second's. */
    void take(int perSecond, long now) {
        wholeAt = now + Math.min(SECOND, owed(now) + each(perSecond));
        used = true;
    }

    boolean isWhole(long now) {
        return owed(now) == 0;
    }

    private long owed(long now) {
        return used ? Math.max(0, wholeAt - now) : 0;
    }

    /** A rate of nothing never has room. */
    private static long each(int perSecond) {
        return perSecond == 0 ? 2 * SECOND : Math.max(1, SECOND / perSecond);
    }
}
