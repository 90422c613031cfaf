// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.util.function.UnaryOperator;

/** Sealed things to open, one after another. Each can be opened once, until its subject begins again. */
final class Ring {
    /** So many that beginning again costs nothing per opening, and so few that they stay in the second-level cache. */
    static final int SIZE = 1024;

    private final byte[][] sealed = new byte[SIZE][];
    private int next;

    /** Seals all of them from one plaintext. */
    Ring(byte[] plaintext, UnaryOperator<byte[]> seal) {
        for (int i = 0; i < SIZE; i++) {
            sealed[i] = seal.apply(plaintext);
        }
    }

    /** Whether {@link #take} gives the first one next, so that the subject has to begin again. */
    boolean isAtStart() {
        return next == 0;
    }

    /** The next one. */
    byte[] take() {
        byte[] taken = sealed[next];
        next = next + 1 & SIZE - 1;
        return taken;
    }
}
