// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.AeadAlgorithm;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AeadTest {
    private static final byte[] NO_ADDITIONAL_DATA = {};

    @ParameterizedTest
    @EnumSource
    void hasTheTagOfItsAlgorithm(AeadAlgorithm algorithm) {
        assertThat(Aeads.of(algorithm).tagLength()).isEqualTo(algorithm.tagLength());
    }

    @ParameterizedTest
    @EnumSource
    void sealsInPlaceAndTouchesNothingAround(AeadAlgorithm algorithm) {
        AeadCase inputs = AeadCase.random(new Random(1), algorithm.keyLength(), 12, 13, 37);
        byte[] alone = FreshThread.call(() -> inputs.sealedBy(Aeads.of(algorithm)));
        byte[] array = new byte[5 + alone.length + 3];
        System.arraycopy(inputs.plaintext, 0, array, 5, 37);

        FreshThread.call(() -> {
            Aeads.of(algorithm).seal(inputs.key, inputs.nonce, inputs.additionalData, array, 5, 37);
            return array;
        });

        assertThat(Arrays.copyOfRange(array, 5, 5 + alone.length)).isEqualTo(alone);
        assertThat(Arrays.copyOf(array, 5)).containsOnly(0);
        assertThat(Arrays.copyOfRange(array, 5 + alone.length, array.length)).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheSealedOctetsAndTheRestOfTheOutputAlone(AeadAlgorithm algorithm) {
        AeadCase inputs = AeadCase.random(new Random(2), algorithm.keyLength(), 12, 13, 37);
        byte[] sealed = inputs.sealedBy(Aeads.of(algorithm));
        byte[] before = sealed.clone();
        byte[] output = new byte[50];
        Arrays.fill(output, (byte) 0x77);

        boolean verified = Aeads.of(algorithm)
                .open(inputs.key, inputs.nonce, inputs.additionalData, sealed, 0, sealed.length, output);

        assertThat(verified).isTrue();
        assertThat(sealed).isEqualTo(before);
        assertThat(Arrays.copyOf(output, 37)).isEqualTo(inputs.plaintext);
        assertThat(Arrays.copyOfRange(output, 37, 50)).containsOnly(0x77);
    }

    @ParameterizedTest
    @EnumSource
    void anArrayThatWasZeroedIsNotTakenForTheKeyItHeld(AeadAlgorithm algorithm) {
        Aead aead = Aeads.of(algorithm);
        AeadCase inputs = AeadCase.random(new Random(3), algorithm.keyLength(), 12, 13, 20);
        byte[] sealed = inputs.sealedBy(aead);

        Arrays.fill(inputs.key, (byte) 0);

        assertThat(inputs.openedBy(aead, sealed)).isEmpty();
        assertThat(inputs.sealedBy(aead)).isNotEqualTo(sealed);
    }

    @ParameterizedTest
    @EnumSource
    void theSameKeyInAnotherArrayIsTheSameKey(AeadAlgorithm algorithm) {
        Aead aead = Aeads.of(algorithm);
        AeadCase inputs = AeadCase.random(new Random(4), algorithm.keyLength(), 12, 13, 20);
        byte[] sealed = inputs.sealedBy(aead);
        AeadCase copy = new AeadCase(inputs.key.clone(), inputs.nonce, inputs.additionalData, inputs.plaintext);

        Arrays.fill(inputs.key, (byte) 0x11);

        assertThat(copy.openedBy(aead, sealed)).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void oneNumberCanBeOpenedAgainAndAgain(AeadAlgorithm algorithm) {
        Aead aead = Aeads.of(algorithm);
        AeadCase inputs = AeadCase.random(new Random(5), algorithm.keyLength(), 12, 13, 20);
        byte[] sealed = inputs.sealedBy(aead);
        byte[] forged = sealed.clone();
        forged[3] ^= 1;

        for (int i = 0; i < 3; i++) {
            assertThat(inputs.openedBy(aead, forged)).isEmpty();
            assertThat(inputs.openedBy(aead, sealed)).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void lessThanATagNeverVerifies(AeadAlgorithm algorithm) {
        AeadCase inputs = AeadCase.random(new Random(6), algorithm.keyLength(), 12, 13, 0);

        for (int length = 0; length < algorithm.tagLength(); length++) {
            assertThat(inputs.openedBy(Aeads.of(algorithm), new byte[length])).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnArrayWithoutRoomForTheTag(AeadAlgorithm algorithm) {
        AeadCase inputs = AeadCase.random(new Random(7), algorithm.keyLength(), 12, 13, 0);
        byte[] tooShort = new byte[20 + algorithm.tagLength() - 1];

        assertThatThrownBy(() ->
                        Aeads.of(algorithm).seal(inputs.key, inputs.nonce, inputs.additionalData, tooShort, 0, 20))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"AES_128_GCM", "AES_256_GCM", "CHACHA20_POLY1305"})
    void thePlatformRefusesToSealTwiceInARowWithOneNonce(AeadAlgorithm algorithm) {
        AeadCase inputs = AeadCase.random(new Random(8), algorithm.keyLength(), 12, 13, 20);
        inputs.sealedBy(Aeads.of(algorithm));

        assertThatThrownBy(() -> inputs.sealedBy(Aeads.of(algorithm))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 0, 2, 3, 5, 15, 17, 18})
    void ccmRefusesOtherTags(int tagLength) {
        assertThatIllegalArgumentException().isThrownBy(() -> new AesCcm(tagLength));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6, 14, 16})
    void ccmRefusesOtherNonces(int length) {
        assertThatIllegalArgumentException().isThrownBy(() -> new AesCcm(8)
                .seal(new byte[16], new byte[length], NO_ADDITIONAL_DATA, new byte[16], 0, 8));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 15, 17, 33})
    void ccmRefusesOtherKeysAndForgetsTheOneBefore(int length) {
        AesCcm ccm = new AesCcm(8);
        ccm.seal(new byte[16], new byte[12], NO_ADDITIONAL_DATA, new byte[16], 0, 8);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ccm.seal(new byte[length], new byte[12], NO_ADDITIONAL_DATA, new byte[16], 0, 8));
        AeadCase inputs = AeadCase.random(new Random(9), 16, 12, 13, 20);
        assertThat(inputs.sealedBy(ccm)).isEqualTo(Oracle.sealed("CCM", 8, inputs));
    }

    @Test
    void ccmRefusesAMessageThatItsNonceLeavesNoRoomToCount() {
        byte[] octets = new byte[(1 << 16) + 8];

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new AesCcm(8).seal(new byte[16], new byte[13], NO_ADDITIONAL_DATA, octets, 0, 1 << 16))
                .withMessageContaining("2^16");
    }
}
