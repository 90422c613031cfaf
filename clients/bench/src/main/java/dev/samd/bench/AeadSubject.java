// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

/** One implementation of one AEAD algorithm, with a key of its own. Confined to one thread. */
interface AeadSubject {
    /** Length of the tag, in octets. */
    int tagLength();

    /**
     * Seals.
     *
     * @param nonce 12 octets, never used before
     * @param plaintext unchanged unless it is also {@code sealed}
     * @param sealed receives ciphertext and tag from 0 on
     */
    void seal(byte[] nonce, byte[] additionalData, byte[] plaintext, int length, byte[] sealed);

    /**
     * Opens ciphertext and tag that fill {@code sealed}.
     *
     * @param plaintext another array, receives the plaintext from 0 on
     * @return whether the tag verifies
     */
    boolean open(byte[] nonce, byte[] additionalData, byte[] sealed, byte[] plaintext);
}
