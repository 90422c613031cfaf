// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bounds are held: a decoder that breaks one is found out. */
class TrialTest {
    /** What a decoder does with an input. */
    @FunctionalInterface
    private interface Reading {
        boolean of(byte[] input);
    }

    private static Trial trial(Reading reading) throws Exception {
        return new Trial(planted(reading));
    }

    private static Decoder planted(Reading reading) {
        FuzzTarget target = new FuzzTarget() {
            @Override
            public boolean run(byte[] input) {
                return reading.of(input);
            }

            @Override
            public Map<String, byte[]> seeds() {
                return Map.of();
            }
        };
        return new Decoder("planted", 16, Budget.of(65_536, 16), () -> target);
    }

    @Test
    void whatADecoderTakesAndRefusesIsTold() throws Exception {
        Trial trial = trial(input -> input.length == 1);

        assertThat(trial.run(new byte[1]).taken()).isTrue();
        assertThat(trial.run(new byte[2]).taken()).isFalse();
    }

    @Test
    void whatADecoderThrowsComesOut() throws Exception {
        Trial trial = trial(input -> input[0] == 0);

        assertThatThrownBy(() -> trial.run(new byte[0])).isInstanceOf(ArrayIndexOutOfBoundsException.class);
    }

    @Test
    void allocationByAStatedLengthIsAFinding() throws Exception {
        Trial trial = trial(input -> new byte[1 << input[0]].length > 0);

        assertThat(trial.run(new byte[] {4}).allocated()).isLessThan(65_536);
        assertThatThrownBy(() -> trial.run(new byte[] {24}))
                .isInstanceOf(Finding.class)
                .hasMessageContaining("allocate");
    }

    @Test
    void computingBeyondTheBoundIsAFinding() throws Exception {
        Decoder decoder = planted(input -> {
            long sum = 0;
            for (int i = 0; i < 1_000_000; i++) {
                sum += Math.floorMod(sum * 31 + i, 7);
            }
            return sum > 0;
        });

        assertThat(new Trial(decoder).run(new byte[1]).taken()).isTrue();
        assertThatThrownBy(() -> new Trial(decoder, Duration.ofNanos(1)).run(new byte[1]))
                .isInstanceOf(Finding.class)
                .hasMessageContaining("compute for");
    }

    @Test
    void anInputIsTheTargetsToChange() throws Exception {
        Trial trial = trial(input -> ++input[0] == 1);
        byte[] input = {0};

        assertThat(trial.run(input).taken()).isTrue();
        assertThat(input[0]).isZero();
    }
}
