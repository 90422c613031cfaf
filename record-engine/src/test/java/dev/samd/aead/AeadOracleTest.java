// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.AeadAlgorithm;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random inputs, every length of plaintext that CoAP has, against an independent implementation. */
class AeadOracleTest {
    private static final int MAX_LENGTH = 1100;
    /** Lengths around every border of blocks and of the workspace's arrays. */
    private static final int[] LONG_LENGTHS = {4095, 4096, 4097, 16_383, 16_384};

    @ParameterizedTest
    @EnumSource
    void agreesForEveryLength(AeadAlgorithm algorithm) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int length = 0; length <= MAX_LENGTH; length++) {
            agree(algorithm, length, random, seed);
        }
        for (int length : LONG_LENGTHS) {
            agree(algorithm, length, random, seed);
        }
    }

    private static void agree(AeadAlgorithm algorithm, int length, Random random, long seed) {
        AeadCase inputs =
                AeadCase.random(random, algorithm.keyLength(), AeadAlgorithm.NONCE_LENGTH, random.nextInt(60), length);
        byte[] expected = Oracle.sealed(nameOf(algorithm), algorithm.tagLength(), inputs);
        Aead aead = Aeads.of(algorithm);

        assertThat(inputs.sealedBy(aead))
                .as("sealed, %d octets, seed %d", length, seed)
                .isEqualTo(expected);
        assertThat(inputs.openedBy(aead, expected))
                .as("opened, %d octets, seed %d", length, seed)
                .hasValueSatisfying(opened -> assertThat(opened).isEqualTo(inputs.plaintext));
    }

    private static String nameOf(AeadAlgorithm algorithm) {
        return switch (algorithm) {
            case AES_128_CCM_8, AES_256_CCM_8, AES_128_CCM, AES_256_CCM -> "CCM";
            case AES_128_GCM, AES_256_GCM -> "GCM";
            case CHACHA20_POLY1305 -> "CHACHA20_POLY1305";
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 8, 10, 12, 14, 16})
    void ccmAgreesForEveryNonceAndKeyLength(int tagLength) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Aead ccm = new AesCcm(tagLength);
        for (int nonceLength = AesCcm.MIN_NONCE; nonceLength <= AesCcm.MAX_NONCE; nonceLength++) {
            for (int keyLength = 16; keyLength <= 32; keyLength += 8) {
                AeadCase inputs = AeadCase.random(random, keyLength, nonceLength, 30, random.nextInt(200));

                assertThat(inputs.sealedBy(ccm))
                        .as("nonce %d, key %d, seed %d", nonceLength, keyLength, seed)
                        .isEqualTo(Oracle.sealed("CCM", tagLength, inputs));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 14, 15, 0xfeff, 0xff00, 0xff01, 0x1_0000})
    void ccmAgreesForEveryFormOfTheLengthOfAdditionalData(int additionalLength) {
        AeadCase inputs = AeadCase.random(new Random(additionalLength), 16, 12, additionalLength, 33);

        assertThat(inputs.sealedBy(new AesCcm(8))).isEqualTo(Oracle.sealed("CCM", 8, inputs));
    }
}
