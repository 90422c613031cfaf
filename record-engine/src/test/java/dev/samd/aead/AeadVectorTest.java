// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AeadVectorTest {
    static List<AeadVector> vectors() {
        return AeadVector.all();
    }

    @Test
    void thePublishedCasesAreThere() {
        assertThat(vectors()).filteredOn(v -> v.source.startsWith("RFC 3610")).hasSize(14);
        assertThat(vectors()).filteredOn(v -> v.source.startsWith("SP 800-38C")).hasSize(4);
        assertThat(vectors()).filteredOn(v -> v.source.startsWith("GCM")).hasSize(9);
        assertThat(vectors()).filteredOn(v -> v.source.startsWith("RFC 8439")).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void theOracleConfirmsTheVector(AeadVector vector) {
        byte[] sealed = Oracle.sealed(vector.algorithm, vector.tagLength, vector.inputs());

        assertThat(HexFormat.of().formatHex(sealed)).isEqualTo(vector.sealed);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void sealsExactly(AeadVector vector) {
        byte[] sealed = vector.inputs().sealedBy(vector.aead());

        assertThat(HexFormat.of().formatHex(sealed)).isEqualTo(vector.sealed);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void opens(AeadVector vector) {
        assertThat(vector.inputs().openedBy(vector.aead(), vector.sealedOctets()))
                .hasValueSatisfying(
                        opened -> assertThat(HexFormat.of().formatHex(opened)).isEqualTo(vector.plaintext));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyFlippedBitOfCiphertextTagAndNonceIsRefused(AeadVector vector) {
        Aead aead = vector.aead();
        AeadCase inputs = vector.inputs();
        byte[] sealed = vector.sealedOctets();

        refusesEveryFlip(aead, inputs, sealed, sealed);
        refusesEveryFlip(aead, inputs, inputs.nonce, sealed);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyFlippedBitOfTheAdditionalDataIsRefused(AeadVector vector) {
        AeadCase inputs = vector.inputs();
        int looked = Math.min(inputs.additionalData.length, 64);

        for (int bit = 0; bit < 8 * looked; bit++) {
            inputs.additionalData[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(inputs.openedBy(vector.aead(), vector.sealedOctets()))
                    .as("bit %d", bit)
                    .isEmpty();
            inputs.additionalData[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    private static void refusesEveryFlip(Aead aead, AeadCase inputs, byte[] flipped, byte[] sealed) {
        byte[] opened = new byte[sealed.length - aead.tagLength()];
        for (int bit = 0; bit < 8 * flipped.length; bit++) {
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            boolean verified =
                    aead.open(inputs.key, inputs.nonce, inputs.additionalData, sealed, 0, sealed.length, opened);
            flipped[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(verified).as("bit %d", bit).isFalse();
            assertThat(opened).as("nothing of what did not verify").isEqualTo(new byte[opened.length]);
        }
    }
}
