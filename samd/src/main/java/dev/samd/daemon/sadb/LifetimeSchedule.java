// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaId;
import java.util.Arrays;

/**
 * Which SA is due next: a binary heap of (deadline, SA id) in two flat arrays, 16 octets each, no object per timer.
 *
 * <p>Nothing is ever taken out by name. Who changes a deadline adds another one; what comes out is only a hint to look at
 * that SA, and the driver rebuilds the heap when hints outnumber SAs. Confined to its database's thread.
 */
final class LifetimeSchedule {
    private long[] deadlines = new long[64];
    private long[] ids = new long[64];
    private int size;

    /** Adds a deadline in monotonic nanoseconds. */
    void add(long deadline, SaId id) {
        if (size == deadlines.length) {
            deadlines = Arrays.copyOf(deadlines, size * 2);
            ids = Arrays.copyOf(ids, size * 2);
        }
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) / 2;
            if (deadlines[parent] - deadline <= 0) {
                break;
            }
            deadlines[hole] = deadlines[parent];
            ids[hole] = ids[parent];
            hole = parent;
        }
        deadlines[hole] = deadline;
        ids[hole] = id.value();
    }

    /** Number of deadlines. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The earliest deadline. */
    long first() {
        if (size == 0) {
            throw new IllegalStateException("no deadline");
        }
        return deadlines[0];
    }

    /** Takes the earliest deadline out and gives its SA. */
    SaId removeFirst() {
        if (size == 0) {
            throw new IllegalStateException("no deadline");
        }
        long id = ids[0];
        size--;
        long deadline = deadlines[size];
        long moved = ids[size];
        int hole = 0;
        while (true) {
            int child = 2 * hole + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && deadlines[child + 1] - deadlines[child] < 0) {
                child++;
            }
            if (deadline - deadlines[child] <= 0) {
                break;
            }
            deadlines[hole] = deadlines[child];
            ids[hole] = ids[child];
            hole = child;
        }
        deadlines[hole] = deadline;
        ids[hole] = moved;
        return new SaId(id);
    }

    void clear() {
        size = 0;
    }
}
