// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

/**
 * The bounds of one database.
 *
 * @param associations SAs that are not DEAD
 * @param keys keys that the registry remembers: all that were ever installed in this life
 * @param requestIds answers that are kept for repeated requests
 * @param sendBlock numbers that one rise of a send mark reserves
 * @param acceptBlock numbers that one rise of an accept mark reserves
 * @param acquires ACQUIREs that are open at a time
 * @param waiters calls that wait for SAs at a time
 * @param unconfirmed pairs of one principal that wait for their confirmation at a time
 * @param timings how long things last
 */
public record SadbBounds(
        int associations,
        int keys,
        int requestIds,
        long sendBlock,
        long acceptBlock,
        int acquires,
        int waiters,
        int unconfirmed,
        Timings timings) {
    /** Bounds for a store in memory, where a crash forgets the keys as well: a mark may run far ahead. */
    public static final SadbBounds MEMORY = new SadbBounds(2_000_000, 16_000_000, 16_384, 1L << 20, 1L << 20);

    /** Bounds for a store on disk: after a crash, what was accepted below a mark is refused, so accept marks are exact. */
    public static final SadbBounds EMBEDDED =
            new SadbBounds(MEMORY.associations(), MEMORY.keys(), MEMORY.requestIds(), 1024, 0);

    /** Bounds with the usual ones for what KMPs do. */
    public SadbBounds(int associations, int keys, int requestIds, long sendBlock, long acceptBlock) {
        this(associations, keys, requestIds, sendBlock, acceptBlock, 4096, 65_536, 1024, Timings.DEFAULT);
    }

    /** The same with other timings. */
    public SadbBounds with(Timings other) {
        return new SadbBounds(
                associations, keys, requestIds, sendBlock, acceptBlock, acquires, waiters, unconfirmed, other);
    }
}
