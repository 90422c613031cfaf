// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

/**
 * How much of the world is searched.
 *
 * @param numbers how many sequence numbers a key has, 4 at most; nobody ever made an authentic record with the last one
 * @param holders how many daemons live at once
 * @param lessees how many lessees live at once
 * @param generations how many starts there are, 7 at most
 * @param depth how many moves a story has
 */
record Scope(int numbers, int holders, int lessees, int generations, int depth) {
    /** Authentic records exist with the numbers below. */
    int authentic() {
        return numbers - 1;
    }
}
