// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.History;
import dev.samd.sa.Octets;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The replay window of one inbound SA (RFC 6347 s4.1.2.6): which of the newest numbers were accepted.
 *
 * <p>A ring of exactly {@code size} bits: number {@code n} has bit {@code n mod size}, so that moving on clears the numbers
 * that were jumped over, and nothing is shifted.
 *
 * <p>{@link #accept} and {@link #history} need the owner's lock. {@link #check} may also be called without it, as a cheap
 * look in advance: it then never refuses a number that could be accepted. That holds because accept writes the bits first
 * and publishes the edge last, and a number at or below the edge that is still in the window keeps its bit until it is
 * accepted itself.
 */
final class ReplayWindow {
    /** What the window says of a number. */
    enum Verdict {
        /** Not accepted before. */
        OK,
        /** Accepted before. */
        REPLAY,
        /** Too far below the highest number accepted to tell. */
        TOO_OLD
    }

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long NONE = -1;

    private final long[] ring;
    /** Highest number accepted; written under the owner's lock. */
    private volatile long edge;

    /**
     * @param size in records, a multiple of 64
     * @param history {@link History.Fresh}, or what was accepted before
     */
    ReplayWindow(int size, History history) {
        if (size <= 0 || size % Long.SIZE != 0) {
            throw new IllegalArgumentException("replay window of " + size + " records is not a multiple of 64");
        }
        ring = new long[size / Long.SIZE];
        edge = NONE;
        if (history instanceof History.ResumeAccepting resumed) {
            resume(resumed.edge(), resumed.bitmap());
        }
    }

    private void resume(long highest, Octets bitmap) {
        int size = size();
        for (int i = 0; i < size && i <= highest; i++) {
            // The edge itself was accepted, whatever the bitmap says; numbers beyond the bitmap count as seen.
            boolean seen = i == 0 || i >= 8 * bitmap.length() || (bitmap.at(i / 8) & 1 << i % 8) != 0;
            if (seen) {
                set(highest - i);
            }
        }
        edge = highest;
    }

    /** Size in records. */
    int size() {
        return ring.length * Long.SIZE;
    }

    /** The highest number accepted, -1 if there is none. */
    long edge() {
        return edge;
    }

    /** Whether {@link #accept} may be called with the number. */
    Verdict check(long sequence) {
        long right = edge;
        if (sequence > right) {
            return Verdict.OK;
        }
        if (right - sequence >= size()) {
            return Verdict.TOO_OLD;
        }
        int bit = bitOf(sequence);
        long word = (long) WORD.getOpaque(ring, bit / Long.SIZE);
        return (word >>> bit & 1) == 0 ? Verdict.OK : Verdict.REPLAY;
    }

    /** Marks a number that {@link #check} has found OK under the same lock. */
    void accept(long sequence) {
        long right = edge;
        if (sequence <= right) {
            set(sequence);
            return;
        }
        clearBetween(right, sequence);
        set(sequence);
        edge = sequence;
    }

    /** Clears the bits of the numbers above {@code low} and below {@code high}. */
    private void clearBetween(long low, long high) {
        if (high - low > size()) {
            for (int i = 0; i < ring.length; i++) {
                WORD.setOpaque(ring, i, 0L);
            }
            return;
        }
        for (long n = low + 1; n < high; n++) {
            int bit = bitOf(n);
            long word = (long) WORD.getOpaque(ring, bit / Long.SIZE);
            WORD.setOpaque(ring, bit / Long.SIZE, word & ~(1L << bit));
        }
    }

    private void set(long sequence) {
        int bit = bitOf(sequence);
        long word = (long) WORD.getOpaque(ring, bit / Long.SIZE);
        WORD.setOpaque(ring, bit / Long.SIZE, word | 1L << bit);
    }

    private int bitOf(long sequence) {
        return (int) (sequence % size());
    }

    /** What a successor needs to go on: {@link History.Fresh} if nothing was accepted. */
    History history() {
        if (edge == NONE) {
            return History.FRESH;
        }
        byte[] bitmap = new byte[size() / 8];
        for (int i = 0; i < size() && i <= edge; i++) {
            if (check(edge - i) == Verdict.REPLAY) {
                bitmap[i / 8] |= (byte) (1 << i % 8);
            }
        }
        return new History.ResumeAccepting(edge, Octets.of(bitmap));
    }
}
