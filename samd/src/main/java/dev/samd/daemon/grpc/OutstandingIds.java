// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

/** The ids of the items of one stream that have no answer yet: a small open-addressed set of longs, without garbage. */
final class OutstandingIds {
    /** Twice the bound of the stream and more, so that probing stays short. */
    private static final int PLACES = 4096;

    private final long[] ids = new long[PLACES];
    private final boolean[] taken = new boolean[PLACES];
    private int size;

    /** Adds an id. False if it is there already. */
    boolean add(long id) {
        int place = home(id);
        while (taken[place]) {
            if (ids[place] == id) {
                return false;
            }
            place = next(place);
        }
        if (size >= PLACES / 2) {
            throw new IllegalStateException(size + " ids are outstanding");
        }
        ids[place] = id;
        taken[place] = true;
        size++;
        return true;
    }

    /** Takes an id out, if it is there. */
    void remove(long id) {
        int place = home(id);
        while (taken[place] && ids[place] != id) {
            place = next(place);
        }
        if (!taken[place]) {
            return;
        }
        taken[place] = false;
        size--;
        // Whatever was pushed past the gap moves back, so that no search ends too early.
        for (int moved = next(place); taken[moved]; moved = next(moved)) {
            int home = home(ids[moved]);
            boolean staysReachable = place <= moved ? place < home && home <= moved : place < home || home <= moved;
            if (!staysReachable) {
                ids[place] = ids[moved];
                taken[place] = true;
                taken[moved] = false;
                place = moved;
            }
        }
    }

    int size() {
        return size;
    }

    private static int home(long id) {
        long mixed = id * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 52);
    }

    private static int next(int place) {
        return (place + 1) & (PLACES - 1);
    }
}
