// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * The places of the posts that wait for kmpd, and how much is handed on in a second: so much in all, and less of one source, so
 * that it leaves room. Thread-safe.
 */
final class RelayPlaces {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final RelayBounds bounds;
    private final Map<InetAddress, Integer> taken = new HashMap<>();
    /** Blocks of this second, by their source. No source is here that got nothing through, so its size is bounded. */
    private final Map<InetAddress, Integer> handedOn = new HashMap<>();

    private int count;
    private int blocks;
    private long secondStartNanos;

    RelayPlaces(RelayBounds bounds, long nowNanos) {
        this.bounds = bounds;
        this.secondStartNanos = nowNanos;
    }

    /** Takes a place for a post of so many blocks, where one is left. */
    synchronized boolean take(InetAddress source, int size, long nowNanos) {
        if (nowNanos - secondStartNanos >= SECOND_NANOS) {
            secondStartNanos = nowNanos;
            blocks = 0;
            handedOn.clear();
        }
        int own = taken.getOrDefault(source, 0);
        int ownBlocks = handedOn.getOrDefault(source, 0);
        if (count == bounds.posts()
                || own == bounds.postsOfSource()
                || blocks + size > bounds.blocksPerSecond()
                || ownBlocks + size > bounds.blocksOfSourcePerSecond()) {
            return false;
        }
        count++;
        taken.put(source, own + 1);
        blocks += size;
        handedOn.put(source, ownBlocks + size);
        return true;
    }

    /** Gives a place back that was taken. */
    synchronized void leave(InetAddress source) {
        count--;
        taken.computeIfPresent(source, (address, own) -> own == 1 ? null : own - 1);
    }

    /** How many sources have a place. */
    synchronized int sources() {
        return taken.size();
    }
}
