// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import java.util.Objects;

/**
 * AES in counter mode with CBC-MAC (RFC 3610, NIST SP 800-38C), composed over the AES of the JDK, which has no CCM.
 *
 * <p>A record is one CBC pass over {@code B_0 | additional data | plaintext}, whose last block is the tag, and one ECB pass
 * over the counter blocks, which gives the key stream. Both run over the arrays of the thread's {@link CcmWorkspace}:
 * they are never in place, because the JDK then copies through an array of its own, and they cost no allocation.
 *
 * <p>Names follow RFC 3610: {@code q} octets hold the length of the message, 15 - q the nonce; {@code A_i} are counter
 * blocks, {@code S_i} key-stream blocks.
 */
final class AesCcm implements Aead {
    static final int MIN_NONCE = 7;
    static final int MAX_NONCE = 13;
    private static final int MIN_TAG = 4;
    private static final int MAX_TAG = 16;

    private final int tagLength;

    /** @param tagLength 4, 6, … 16 octets (RFC 3610 s2) */
    AesCcm(int tagLength) {
        if (tagLength < MIN_TAG || tagLength > MAX_TAG || tagLength % 2 != 0) {
            throw new IllegalArgumentException("CCM tag of " + tagLength + " octets; 4, 6, … 16 expected");
        }
        this.tagLength = tagLength;
    }

    @Override
    public int tagLength() {
        return tagLength;
    }

    @Override
    public void seal(byte[] key, byte[] nonce, byte[] additionalData, byte[] octets, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, octets.length - tagLength);
        requireNonce(nonce, length);

        CcmWorkspace work = CcmWorkspace.ofThread(key);
        int message = work.begin(nonce, additionalData, length, tagLength);
        work.absorb(octets, offset, message, length);
        work.finishMac(message, length);
        work.makeKeyStream(length);
        work.applyKeyStream(octets, offset, length);
        work.writeTag(octets, offset + length, tagLength);
        work.wipe(message, length);
    }

    @Override
    public boolean open(
            byte[] key, byte[] nonce, byte[] additionalData, byte[] sealed, int offset, int length, byte[] plaintext) {
        Objects.checkFromIndexSize(offset, length, sealed.length);
        int plainLength = length - tagLength;
        if (plainLength < 0) {
            return false;
        }
        Objects.checkFromIndexSize(0, plainLength, plaintext.length);
        requireNonce(nonce, plainLength);

        CcmWorkspace work = CcmWorkspace.ofThread(key);
        int message = work.begin(nonce, additionalData, plainLength, tagLength);
        work.makeKeyStream(plainLength);
        work.absorbThroughKeyStream(sealed, offset, message, plainLength);
        work.finishMac(message, plainLength);
        boolean verified = work.tagEquals(sealed, offset + plainLength, tagLength);
        if (verified) {
            work.release(message, plaintext, plainLength);
        }
        work.wipe(message, plainLength);
        return verified;
    }

    /** RFC 3610 s2: a nonce of 15 - q octets leaves q octets to tell the length. */
    private static void requireNonce(byte[] nonce, int length) {
        if (nonce.length < MIN_NONCE || nonce.length > MAX_NONCE) {
            throw new IllegalArgumentException("CCM nonce of " + nonce.length + " octets; 7..13 expected");
        }
        int q = 15 - nonce.length;
        if (q < Integer.BYTES && length >= 1 << (8 * q)) {
            throw new IllegalArgumentException(
                    "message of " + length + " octets; fewer than 2^" + 8 * q + " expected with this nonce");
        }
    }
}
