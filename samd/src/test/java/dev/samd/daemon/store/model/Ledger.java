// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

/**
 * What really happened, which nobody in the world knows: numbers as bits.
 *
 * @param sealed sealed by anybody
 * @param released released by anybody
 * @param sealedTwice sealed more than once
 * @param releasedTwice released more than once
 */
record Ledger(int sealed, int released, int sealedTwice, int releasedTwice) {
    static final Ledger EMPTY = new Ledger(0, 0, 0, 0);

    Ledger seal(int number) {
        int bit = 1 << number;
        return new Ledger(sealed | bit, released, sealedTwice | (sealed & bit), releasedTwice);
    }

    Ledger release(int number) {
        int bit = 1 << number;
        return new Ledger(sealed, released | bit, sealedTwice, releasedTwice | (released & bit));
    }

    long pack() {
        return sealed | released << 4 | sealedTwice << 8 | releasedTwice << 12;
    }

    static Ledger unpack(long bits) {
        return new Ledger((int) bits & 15, (int) bits >> 4 & 15, (int) bits >> 8 & 15, (int) bits >> 12 & 15);
    }
}
