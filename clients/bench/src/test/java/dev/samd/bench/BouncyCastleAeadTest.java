// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.AeadAlgorithm;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two sides of the AEAD table do the same work. */
class BouncyCastleAeadTest {
    private static final byte[] ADDITIONAL_DATA = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};

    @ParameterizedTest
    @EnumSource
    void bothSealTheSame(AeadAlgorithm algorithm) {
        for (int length : new int[] {0, 1, 16, 17, 64, 256, 1024}) {
            byte[] nonce = nonce(length);

            assertThat(seal(new SamdAead(algorithm, key(algorithm)), nonce, length))
                    .as("%d octets", length)
                    .isEqualTo(seal(new BouncyCastleAead(algorithm, key(algorithm)), nonce, length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachOpensWhatTheOtherSealed(AeadAlgorithm algorithm) {
        AeadSubject samd = new SamdAead(algorithm, key(algorithm));
        AeadSubject bouncyCastle = new BouncyCastleAead(algorithm, key(algorithm));

        assertThat(opens(samd, seal(bouncyCastle, nonce(1), 64), nonce(1))).isTrue();
        assertThat(opens(bouncyCastle, seal(samd, nonce(2), 64), nonce(2))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void neitherOpensAChangedOctet(AeadAlgorithm algorithm) {
        AeadSubject samd = new SamdAead(algorithm, key(algorithm));
        AeadSubject bouncyCastle = new BouncyCastleAead(algorithm, key(algorithm));
        byte[] sealed = seal(samd, nonce(3), 64);
        sealed[5] ^= 1;

        assertThat(opens(samd, sealed, nonce(3))).isFalse();
        assertThat(opens(bouncyCastle, sealed, nonce(3))).isFalse();
    }

    private static byte[] seal(AeadSubject subject, byte[] nonce, int length) {
        byte[] sealed = new byte[length + subject.tagLength()];
        subject.seal(nonce, ADDITIONAL_DATA, new byte[length], length, sealed);
        return sealed;
    }

    private static boolean opens(AeadSubject subject, byte[] sealed, byte[] nonce) {
        byte[] plaintext = new byte[sealed.length - subject.tagLength()];
        boolean verified = subject.open(nonce, ADDITIONAL_DATA, sealed, plaintext);
        return verified && Arrays.equals(plaintext, new byte[plaintext.length]);
    }

    private static byte[] key(AeadAlgorithm algorithm) {
        byte[] key = new byte[algorithm.keyLength()];
        Arrays.fill(key, (byte) 9);
        return key;
    }

    private static byte[] nonce(int number) {
        byte[] nonce = new byte[AeadAlgorithm.NONCE_LENGTH];
        nonce[10] = (byte) (number >> 8);
        nonce[11] = (byte) number;
        return nonce;
    }
}
