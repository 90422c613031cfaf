// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Things by the hash of what they are known by, without an object for each: some 20 octets, where a map of the JDK takes 40
 * and a key of its own. The caller hashes, and says whether one that is found is the one. Linear probing, no tombstones. One
 * thread.
 */
final class HashedRefs<E> {
    private static final int SMALLEST = 16;

    private @Nullable Object[] refs = new Object[SMALLEST];
    private int[] hashes = new int[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    /** Adds one more; whether its like is there already is the caller's to know. */
    void add(int hash, E ref) {
        // At most two thirds are taken, so that whoever looks for what is not there soon meets a hole.
        if ((size + 1) * 3L > refs.length * 2L) {
            grow();
        }
        place(spread(hash), ref);
        size++;
    }

    private void place(int hash, Object ref) {
        int slot = hash & refs.length - 1;
        while (refs[slot] != null) {
            slot = slot + 1 & refs.length - 1;
        }
        refs[slot] = ref;
        hashes[slot] = hash;
    }

    private void grow() {
        @Nullable Object[] before = refs;
        int[] hashesBefore = hashes;
        refs = new Object[before.length * 2];
        hashes = new int[before.length * 2];
        for (int i = 0; i < before.length; i++) {
            Object ref = before[i];
            if (ref != null) {
                place(hashesBefore[i], ref);
            }
        }
    }

    /** Takes out the first one of that hash that is meant. */
    void remove(int hash, Predicate<? super E> meant) {
        int spread = spread(hash);
        int slot = spread & refs.length - 1;
        for (Object ref = refs[slot]; ref != null; ref = refs[slot]) {
            if (hashes[slot] == spread && meant.test(cast(ref))) {
                closeGap(slot);
                size--;
                return;
            }
            slot = slot + 1 & refs.length - 1;
        }
    }

    /** Moves back whatever could not be found any more behind a hole. */
    private void closeGap(int gap) {
        int hole = gap;
        for (int slot = hole + 1 & refs.length - 1; refs[slot] != null; slot = slot + 1 & refs.length - 1) {
            int home = hashes[slot] & refs.length - 1;
            boolean reachable = hole <= slot ? hole < home && home <= slot : hole < home || home <= slot;
            if (!reachable) {
                refs[hole] = refs[slot];
                hashes[hole] = hashes[slot];
                hole = slot;
            }
        }
        refs[hole] = null;
    }

    /** The first one of that hash that is meant, or null. */
    @Nullable
    E find(int hash, Predicate<? super E> meant) {
        int spread = spread(hash);
        int slot = spread & refs.length - 1;
        for (Object ref = refs[slot]; ref != null; ref = refs[slot]) {
            if (hashes[slot] == spread && meant.test(cast(ref))) {
                return cast(ref);
            }
            slot = slot + 1 & refs.length - 1;
        }
        return null;
    }

    /** All of that hash that are meant, in no order. */
    List<E> findAll(int hash, Predicate<? super E> meant) {
        List<E> found = new ArrayList<>();
        int spread = spread(hash);
        int slot = spread & refs.length - 1;
        for (Object ref = refs[slot]; ref != null; ref = refs[slot]) {
            if (hashes[slot] == spread && meant.test(cast(ref))) {
                found.add(cast(ref));
            }
            slot = slot + 1 & refs.length - 1;
        }
        return found;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9e3779b9;
        return mixed ^ mixed >>> 15;
    }

    @SuppressWarnings("unchecked") // only what was added is ever placed
    private E cast(Object ref) {
        return (E) ref;
    }
}
