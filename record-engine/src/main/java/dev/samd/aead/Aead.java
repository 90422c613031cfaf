// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

/**
 * One AEAD algorithm (RFC 5116 s2). Thread-safe; keeps no reference to anything it is given.
 *
 * <p>Sealing works in place, because a record is assembled in the array it leaves in. Opening does not, because the
 * record belongs to somebody else.
 */
public interface Aead {
    /** Length of the tag behind every ciphertext, in octets. */
    int tagLength();

    /**
     * Seals {@code length} octets of plaintext from {@code offset} on: ciphertext takes their place and the tag stands
     * behind it.
     *
     * @param key borrowed, unchanged
     * @param nonce never used with this key before
     * @param additionalData authenticated along with the plaintext
     * @param octets has room for {@code length + tagLength()} octets from {@code offset} on
     * @throws IllegalArgumentException if a length is not one of the algorithm
     * @throws IllegalStateException if the platform refuses the call, as it does when the call before had the same key and
     *     nonce
     */
    void seal(byte[] key, byte[] nonce, byte[] additionalData, byte[] octets, int offset, int length);

    /**
     * Opens {@code length} octets of ciphertext and tag from {@code offset} on.
     *
     * @param key borrowed, unchanged
     * @param plaintext another array than {@code sealed}; receives {@code length - tagLength()} octets from 0 on, and
     *     nothing of what did not verify
     * @return whether the tag verifies; compared in constant time
     * @throws IllegalArgumentException if a length is not one of the algorithm
     */
    boolean open(
            byte[] key, byte[] nonce, byte[] additionalData, byte[] sealed, int offset, int length, byte[] plaintext);
}
