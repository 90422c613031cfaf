// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

/**
 * A daemon, of the present generation or a stale one.
 *
 * @param generation the generation that it was started with
 * @param parked the number of a record that was opened and waits to be accepted, plus 1; 0 for none
 * @param leases how many leases it has granted
 * @param leased whether the last one is out: it uses no number meanwhile
 */
record Holder(int generation, Numbers numbers, int parked, int leases, boolean leased) {
    Holder with(Numbers changed) {
        return new Holder(generation, changed, parked, leases, leased);
    }

    Holder park(int number) {
        return new Holder(generation, numbers, number + 1, leases, leased);
    }

    Holder parkNothing() {
        return new Holder(generation, numbers, 0, leases, leased);
    }

    Holder lease() {
        return new Holder(generation, numbers, parked, leases + 1, true);
    }

    Holder endLease(Numbers left) {
        return new Holder(generation, left, parked, leases, false);
    }

    @Override
    public String toString() {
        return "daemon " + generation;
    }

    long pack() {
        return 1 | generation << 1 | parked << 4 | leases << 7 | (leased ? 1 : 0) << 9 | numbers.pack() << 10;
    }

    static Holder unpack(long bits) {
        return new Holder(
                (int) bits >> 1 & 7,
                Numbers.unpack(bits >> 10),
                (int) bits >> 4 & 7,
                (int) bits >> 7 & 3,
                (bits >> 9 & 1) != 0);
    }
}
