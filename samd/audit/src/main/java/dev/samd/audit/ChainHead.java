// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import dev.samd.sa.Octets;

/**
 * The last line of a chain.
 *
 * @param file number of its file, from 1; 0 before the first
 * @param sequence its number, from 1; 0 before the first
 * @param hash SHA-256 of its octets without the line feed, 32 octets
 */
public record ChainHead(long file, long sequence, Octets hash) {
    /** What the first line of all follows. */
    public static final ChainHead NONE = new ChainHead(0, 0, Octets.of(new byte[32]));
}
