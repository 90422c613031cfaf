// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.Spi;
import java.util.Arrays;

/** The arrays of one thread that a record needs on its way and nobody sees afterwards. Confined to its thread. */
final class Scratch {
    private static final int INITIAL_PLAINTEXT = 512;
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    /** The nonce of the record at hand. */
    final byte[] nonce = new byte[AeadAlgorithm.NONCE_LENGTH];

    /** One array per length that occurs: 13, and 24..43 with a connection ID. */
    private final byte[][] additionalData = new byte[24 + Spi.MAX_LENGTH][];

    private byte[] plaintext = new byte[INITIAL_PLAINTEXT];

    private Scratch() {}

    static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** An array of just that length. */
    byte[] additionalData(int length) {
        byte[] array = additionalData[length];
        if (array == null) {
            array = new byte[length];
            additionalData[length] = array;
        }
        return array;
    }

    /** An array of at least that length. */
    byte[] plaintext(int length) {
        if (plaintext.length < length) {
            plaintext = new byte[length];
        }
        return plaintext;
    }

    /** Forgets the first octets of the plaintext. */
    void wipePlaintext(int length) {
        Arrays.fill(plaintext, 0, length, (byte) 0);
    }
}
