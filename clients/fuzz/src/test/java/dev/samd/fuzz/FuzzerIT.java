// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.fuzz.Fuzzer.Extent;
import dev.samd.fuzz.Fuzzer.Outcome;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A short run of the fuzzer, by the same random numbers each time, on what a stranger reaches first: most of it is the start of a
 * process for each. All others, and the long runs, are for {@code bin/fuzz}.
 */
class FuzzerIT {
    private static final int RUNS = 300;

    @TempDir
    Path found;

    static Stream<Decoder> decoders() {
        return Stream.of("record-cid", "coap-message", "inner-message", "token", "ace-post", "less-messages")
                .map(Decoders::named);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void nothingIsFound(Decoder decoder) throws Exception {
        Outcome outcome = new Fuzzer(new Inputs(Path.of("inputs"), found)).run(decoder, new Extent.Runs(RUNS));

        assertThat(outcome.finding()).as(outcome.output()).isEmpty();
        assertThat(outcome.executions()).as(outcome.output()).isGreaterThanOrEqualTo(RUNS);
        assertThat(outcome.covered()).as(outcome.output()).isPositive();
    }
}
