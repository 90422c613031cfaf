// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import dev.samd.sa.Direction;

/**
 * What one user of the key believes.
 *
 * @param next the first number that it has not sealed with
 * @param sendMark it seals with numbers below
 * @param acceptMark it accepts numbers below
 * @param seen the numbers that it accepts no more, as bits
 */
record Numbers(int next, int sendMark, int acceptMark, int seen) {
    /** The numbers of a successor that knows the marks alone. */
    static Numbers above(int sendMark, int acceptMark) {
        return new Numbers(sendMark, sendMark, acceptMark, below(acceptMark));
    }

    static int below(int mark) {
        return (1 << mark) - 1;
    }

    boolean sees(int number) {
        return (seen >> number & 1) != 0;
    }

    Numbers sealed() {
        return new Numbers(next + 1, sendMark, acceptMark, seen);
    }

    Numbers accepted(int number) {
        return new Numbers(next, sendMark, acceptMark, seen | 1 << number);
    }

    Numbers raised(Direction direction, int mark) {
        return direction == Direction.OUTBOUND
                ? new Numbers(next, mark, acceptMark, seen)
                : new Numbers(next, sendMark, mark, seen);
    }

    /** Whatever might have been used counts as used. */
    Numbers usedUp() {
        return new Numbers(sendMark, sendMark, acceptMark, seen | below(acceptMark));
    }

    /** What another says it has used, below the marks of this one. */
    Numbers usedAsIn(Numbers other) {
        return new Numbers(other.next, sendMark, acceptMark, other.seen);
    }

    long pack() {
        return next | sendMark << 3 | acceptMark << 6 | seen << 9;
    }

    static Numbers unpack(long bits) {
        return new Numbers((int) bits & 7, (int) bits >> 3 & 7, (int) bits >> 6 & 7, (int) bits >> 9 & 15);
    }
}
