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
 */
public record SadbBounds(int associations, int keys, int requestIds, long sendBlock, long acceptBlock) {
    /** Bounds for a store in memory, where a crash forgets the keys as well: a mark may run far ahead. */
    public static final SadbBounds MEMORY = new SadbBounds(2_000_000, 16_000_000, 16_384, 1L << 20, 1L << 20);
}
