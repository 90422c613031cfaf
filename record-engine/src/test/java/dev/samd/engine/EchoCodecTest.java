// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.SaId;
import org.junit.jupiter.api.Test;

class EchoCodecTest {
    private static final SaId SA = new SaId(7);
    private static final long MAX_AGE = 1_000;

    private final EchoCodec codec = new EchoCodec(KeyMaterial.adopt(new byte[16]));

    @Test
    void valueIsFreshUntilItsAgeIsOver() {
        byte[] value = codec.challenge(SA, 5_000);

        assertThat(value).hasSize(EchoCodec.LENGTH);
        assertThat(codec.isFresh(value, SA, 5_000, MAX_AGE)).isTrue();
        assertThat(codec.isFresh(value, SA, 6_000, MAX_AGE)).isTrue();
        assertThat(codec.isFresh(value, SA, 6_001, MAX_AGE)).isFalse();
        assertThat(codec.isFresh(value, SA, 4_999, MAX_AGE)).isFalse();
    }

    @Test
    void valueOfAnotherSaIsNotFresh() {
        assertThat(codec.isFresh(codec.challenge(new SaId(8), 5_000), SA, 5_000, MAX_AGE))
                .isFalse();
    }

    @Test
    void valueOfAnotherDaemonIsNotFresh() {
        EchoCodec other = new EchoCodec(KeyMaterial.adopt(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));

        assertThat(codec.isFresh(other.challenge(SA, 5_000), SA, 5_000, MAX_AGE))
                .isFalse();
    }

    @Test
    void everyChangedBitIsNoticed() {
        for (int bit = 0; bit < EchoCodec.LENGTH * 8; bit++) {
            byte[] value = codec.challenge(SA, 5_000);
            value[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(codec.isFresh(value, SA, 5_000, MAX_AGE))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    @Test
    void valueOfAnotherLengthIsNotFresh() {
        assertThat(codec.isFresh(new byte[0], SA, 0, MAX_AGE)).isFalse();
        assertThat(codec.isFresh(new byte[40], SA, 0, MAX_AGE)).isFalse();
    }
}
