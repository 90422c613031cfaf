// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The inputs that are checked in: each decoder takes its seeds, and what was a finding once is none any more. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InputsTest {
    private final Inputs inputs = new Inputs(Path.of("inputs"), Path.of("target"));

    static Stream<Decoder> decoders() {
        return Decoders.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void seedsAreTakenAndRegressionsAreNone(Decoder decoder) throws Exception {
        Trial trial = new Trial(decoder);
        Map<String, byte[]> seeds = Inputs.read(inputs.seeds(decoder));
        assertThat(seeds.keySet()).isEqualTo(decoder.target().get().seeds().keySet());
        for (Map.Entry<String, byte[]> seed : seeds.entrySet()) {
            assertThat(seed.getValue().length).as(seed.getKey()).isLessThanOrEqualTo(decoder.maxLength());
            assertThat(trial.run(seed.getValue()).taken()).as(seed.getKey()).isTrue();
        }
        for (byte[] regression : Inputs.read(inputs.regressions(decoder)).values()) {
            trial.run(regression);
        }
    }

    /** A directory that no decoder reads would be checked in and never tried. */
    @Test
    void everyFileBelongsToADecoder() throws IOException {
        List<String> names = Decoders.ALL.stream().map(Decoder::name).toList();
        assertThat(new TreeSet<>(names)).hasSameSizeAs(names);
        for (String kind : List.of("seeds", "regressions", "dictionaries")) {
            try (Stream<Path> paths = Files.list(inputs.checkedIn().resolve(kind))) {
                assertThat(paths.map(path -> path.getFileName().toString().replace(".dict", "")))
                        .isSubsetOf(names);
            }
        }
    }
}
