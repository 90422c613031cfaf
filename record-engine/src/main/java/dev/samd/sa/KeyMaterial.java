// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Secret octets with exactly one owner. Zeroed when closed; never printed; compared in constant time.
 *
 * <p>Thread-safe. Borrowers are counted without a lock, so that many threads can use one key: closing refuses new
 * borrowers at once, and the last borrower zeroes. Nobody ever sees half-zeroed octets.
 */
public final class KeyMaterial implements AutoCloseable {
    /** Sign bit of {@link #borrowers}: closed. */
    private static final int CLOSED = Integer.MIN_VALUE;

    /** Instead of an object of its own for every key: a daemon has millions. */
    private static final AtomicIntegerFieldUpdater<KeyMaterial> BORROWERS =
            AtomicIntegerFieldUpdater.newUpdater(KeyMaterial.class, "borrowers");

    private final byte[] octets;
    private volatile int borrowers;

    private KeyMaterial(byte[] octets) {
        this.octets = octets;
    }

    /** Takes the array over: the caller must not read or write it again. */
    public static KeyMaterial adopt(byte[] octets) {
        return new KeyMaterial(octets);
    }

    /** Copies the array, which stays the caller's to wipe. */
    public static KeyMaterial copyOf(byte[] octets) {
        return new KeyMaterial(octets.clone());
    }

    /** Number of octets. */
    public int length() {
        return octets.length;
    }

    /**
     * Borrows the octets until {@link #giveBack}: the array itself, to be read only, with no reference kept.
     *
     * @return the octets, or {@code null} if they are closed; only a borrower that got them gives back
     */
    public byte @Nullable [] borrow() {
        while (true) {
            int now = borrowers;
            if (now < 0) {
                return null;
            }
            if (BORROWERS.compareAndSet(this, now, now + 1)) {
                return octets;
            }
        }
    }

    /** Ends one {@link #borrow}. */
    public void giveBack() {
        if (BORROWERS.decrementAndGet(this) == CLOSED) {
            Arrays.fill(octets, (byte) 0);
        }
    }

    /** Whether both hold the same octets, in time that depends on the lengths only. False once either is closed. */
    public boolean sameAs(KeyMaterial other) {
        byte[] mine = borrow();
        if (mine == null) {
            return false;
        }
        try {
            byte[] theirs = other.borrow();
            if (theirs == null) {
                return false;
            }
            try {
                return MessageDigest.isEqual(mine, theirs);
            } finally {
                other.giveBack();
            }
        } finally {
            giveBack();
        }
    }

    /** Zeroes the octets, now or when the last borrower gives them back. Closing twice is harmless. */
    @Override
    public void close() {
        while (true) {
            int now = borrowers;
            if (now < 0) {
                return;
            }
            if (BORROWERS.compareAndSet(this, now, now | CLOSED)) {
                if (now == 0) {
                    Arrays.fill(octets, (byte) 0);
                }
                return;
            }
        }
    }

    @Override
    public String toString() {
        return "KeyMaterial[" + octets.length + " octets]";
    }
}
