// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import java.util.Arrays;

/** A set of states, numbered in the order of their coming, each with the one it came from: millions fit into memory. */
final class States {
    private final int words;
    private long[] states;
    private int[] parents = new int[1 << 10];
    /** Open addressing: the number of a state plus 1, or 0. */
    private int[] table = new int[1 << 11];

    private int size;

    States(int words) {
        this.words = words;
        this.states = new long[words << 10];
    }

    int size() {
        return size;
    }

    int parent(int state) {
        return parents[state];
    }

    long[] get(int state) {
        return Arrays.copyOfRange(states, state * words, (state + 1) * words);
    }

    /** Whether the state is new. */
    boolean add(long[] state, int parent) {
        int slot = slot(state);
        if (table[slot] != 0) {
            return false;
        }
        if (size == parents.length) {
            parents = Arrays.copyOf(parents, size * 2);
            states = Arrays.copyOf(states, size * 2 * words);
        }
        System.arraycopy(state, 0, states, size * words, words);
        parents[size] = parent;
        size++;
        table[slot] = size;
        if (size * 2 > table.length) {
            spread();
        }
        return true;
    }

    private void spread() {
        table = new int[table.length * 2];
        for (int i = 0; i < size; i++) {
            table[slot(get(i))] = i + 1;
        }
    }

    private int slot(long[] state) {
        int slot = hash(state) & table.length - 1;
        while (table[slot] != 0 && !isAt(table[slot] - 1, state)) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    private boolean isAt(int at, long[] state) {
        return Arrays.equals(states, at * words, (at + 1) * words, state, 0, words);
    }

    private static int hash(long[] state) {
        long hash = 0;
        for (long word : state) {
            hash = (hash ^ word) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ hash >>> 32);
    }
}
