// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The octets that the daemon holds for its callers: requests that have no answer yet, and answers that nobody has read. The
 * whole daemon has one bound, and one principal half of it, so that a principal that reads nothing leaves room for the
 * others. Thread-safe.
 */
public final class HeldOctets {
    /** Of the heap. */
    private static final int PART = 4;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /** @param most octets for all principals together */
    public HeldOctets(long most) {
        this.most = most;
    }

    /** As much as a heap of this size can hold beside the database. */
    public static HeldOctets ofHeap() {
        return new HeldOctets(Runtime.getRuntime().maxMemory() / PART);
    }

    /** What one principal may hold at most. */
    long mostOfOne() {
        return most / 2;
    }

    long most() {
        return most;
    }

    boolean isFull() {
        return held.get() >= most;
    }

    /** More is held, or less. */
    void change(long octets) {
        held.addAndGet(octets);
    }
}
