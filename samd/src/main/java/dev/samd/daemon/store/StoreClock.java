// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

/**
 * The clock of a store, which times are kept by. It runs as the monotonic clock does, never goes back, and goes on between two
 * runs by what the wall clock says has passed: time that the wall clock took back counts as none.
 */
final class StoreClock {
    private final long offset;

    /**
     * @param lastTime of the store, when it was written last; 0 for a new one
     * @param lastWallMillis wall clock at that moment
     * @param nowNanos monotonic
     * @param wallMillis wall clock now
     */
    StoreClock(long lastTime, long lastWallMillis, long nowNanos, long wallMillis) {
        long passed = Math.max(0, wallMillis - lastWallMillis);
        this.offset = lastTime + passed * 1_000_000 - nowNanos;
    }

    /** A monotonic time on the store's clock. */
    long toStore(long nanos) {
        return nanos + offset;
    }

    /** A time of the store on the monotonic clock of this run. */
    long toNanos(long time) {
        return time - offset;
    }
}
