// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.AeadAlgorithm;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The nonces of DTLS 1.2 records, of {@link AeadAlgorithm#NONCE_LENGTH} octets.
 *
 * <pre>
 * CCM, GCM            IV:4 | explicit nonce:8                        RFC 6655 s3, RFC 5288 s3
 * CHACHA20_POLY1305   IV:12 xor (0:4 | epoch:2 | sequence:6)         RFC 7905 s2
 * </pre>
 *
 * A sender's explicit nonce is epoch and sequence number. A receiver takes it from the wire, because other senders may
 * choose theirs otherwise (RFC 5288 s3).
 */
final class Nonces {
    private static final int SALT_LENGTH = 4;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Nonces() {}

    /**
     * Writes the nonce of a record to seal and, where the algorithm has one, its explicit part into the record.
     *
     * @param epochAndSequence {@link Dtls12Codec#epochAndSequence}
     * @param fragment offset of the fragment in {@code record}
     * @return offset of the plaintext in {@code record}
     */
    static int forSealing(
            AeadAlgorithm aead, byte[] iv, long epochAndSequence, byte[] record, int fragment, byte[] nonce) {
        write(aead, iv, epochAndSequence, nonce);
        if (aead.explicitNonceLength() > 0) {
            LONG.set(record, fragment, epochAndSequence);
        }
        return fragment + aead.explicitNonceLength();
    }

    /**
     * Writes the nonce of a record to open.
     *
     * @param epochAndSequence of the record's header
     * @return offset of the ciphertext in {@code record}
     */
    static int forOpening(
            AeadAlgorithm aead, byte[] iv, long epochAndSequence, byte[] record, int fragment, byte[] nonce) {
        boolean explicit = aead.explicitNonceLength() > 0;
        write(aead, iv, explicit ? (long) LONG.get(record, fragment) : epochAndSequence, nonce);
        return fragment + aead.explicitNonceLength();
    }

    private static void write(AeadAlgorithm aead, byte[] iv, long variable, byte[] nonce) {
        System.arraycopy(iv, 0, nonce, 0, SALT_LENGTH);
        boolean masked = aead.explicitNonceLength() == 0;
        LONG.set(nonce, SALT_LENGTH, masked ? (long) LONG.get(iv, SALT_LENGTH) ^ variable : variable);
    }
}
