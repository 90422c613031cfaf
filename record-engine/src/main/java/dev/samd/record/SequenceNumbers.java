// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.History;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * The sequence numbers of one outbound SA: each is given once, in order, below the send mark, and none comes back.
 * Thread-safe, without a lock on the way of a record.
 *
 * <p>All checks come before the number is taken. So a caller who is refused, or has to wait, uses none up.
 */
final class SequenceNumbers {
    /** {@link #take} found the limit of records met. */
    static final long EXPIRED = Long.MIN_VALUE;
    /** {@link #take} found no number left (RFC 6347 s4.1: sequence numbers do not wrap). */
    static final long EXHAUSTED = Long.MIN_VALUE + 1;

    private static final long END = History.MAX_SEQUENCE + 1;
    /** Set beside the next number once the SA is closed, in one step with reading it. */
    private static final long CLOSED = 1L << 62;

    private static final AtomicReferenceFieldUpdater<SequenceNumbers, Block> BLOCK =
            AtomicReferenceFieldUpdater.newUpdater(SequenceNumbers.class, Block.class, "block");

    private static final AtomicLongFieldUpdater<SequenceNumbers> NEXT =
            AtomicLongFieldUpdater.newUpdater(SequenceNumbers.class, "next");

    /** Numbers below the mark may be used; from {@code wantedFrom} on, more are wanted. */
    private record Block(long mark, long wantedFrom) {
        static Block between(long previous, long mark) {
            return new Block(mark, mark - (mark - previous) / 2);
        }

        Block asked() {
            return new Block(mark, Long.MAX_VALUE);
        }
    }

    /** The number at which the count began; below zero where more were taken before than numbers stand below the next one. */
    private final long first;

    private volatile long next;
    private volatile Block block;

    /**
     * @param start the first number to give
     * @param takenBefore how many were taken before
     * @param mark the send mark; not above 2^48, which no number reaches
     */
    SequenceNumbers(long start, long takenBefore, long mark) {
        first = start - takenBefore;
        next = start;
        block = Block.between(start, Math.max(start, Math.min(mark, END)));
    }

    /**
     * Takes a number.
     *
     * @param maxTaken how many may be taken in all, those before included; 0 for any number
     * @return the number; or {@link #EXPIRED}, {@link #EXHAUSTED}, or {@code ~mark} where the mark has to rise first
     */
    long take(long maxTaken) {
        while (true) {
            long number = next;
            if (number >= END) {
                return (number & CLOSED) != 0 ? EXPIRED : EXHAUSTED;
            }
            if (maxTaken != 0 && number - first >= maxTaken) {
                return EXPIRED;
            }
            long mark = block.mark;
            if (number >= mark) {
                return ~mark;
            }
            if (NEXT.compareAndSet(this, number, number + 1)) {
                return number;
            }
        }
    }

    /** Whether it is time to ask for a higher mark, now that {@code next} comes next. True once per mark. */
    boolean asksForMore(long next) {
        Block now = block;
        return next >= now.wantedFrom && BLOCK.compareAndSet(this, now, now.asked());
    }

    /** Raises the mark; a lower one changes nothing. */
    void raise(long mark) {
        long bounded = Math.min(mark, END);
        while (true) {
            Block now = block;
            if (bounded <= now.mark || BLOCK.compareAndSet(this, now, Block.between(now.mark, bounded))) {
                return;
            }
        }
    }

    /** The mark. */
    long mark() {
        return block.mark;
    }

    /** The number that comes next, 0..2^48. */
    long next() {
        return next & ~CLOSED;
    }

    /** Gives no number from here on: what {@link #next} says now stays true for ever. */
    void close() {
        NEXT.getAndUpdate(this, number -> number | CLOSED);
    }

    /** Whether no number will ever be given again, however the mark rises. */
    boolean isSpent() {
        return next >= END;
    }

    /** How many were taken when that number was the last one. */
    long takenUpTo(long number) {
        return number - first + 1;
    }

    /** How many numbers were taken. */
    long taken() {
        return next() - first;
    }
}
