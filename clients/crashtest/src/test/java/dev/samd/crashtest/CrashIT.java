// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A share of what {@code bin/crashtest} does by the thousand. */
class CrashIT {
    private static final int KILLS = 12;
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Report run(Map<String, String> configuration) throws InterruptedException {
        long seed = ThreadLocalRandom.current().nextLong(1 << 30);
        Consumer<String> log = System.out::println;
        try (Run run = new Run(new Plan(home(), directory, KILLS, AT_MOST, seed, configuration), log)) {
            Report report = run.run();
            report.lines().forEach(System.out::println);
            return report;
        }
    }

    @Test
    void killedDaemonsUseNoNumberTwiceAndForgetNothing() throws InterruptedException {
        Report report = run(Map.of());

        assertThat(report.violation()).as(String.join("\n", report.lines())).isEmpty();
        assertThat(report.kills()).isPositive();
    }

    /** The harness is able to find something: daemons that keep nothing lose what they acknowledged. */
    @Test
    void daemonsWithoutADiskAreFoundToForget() throws InterruptedException {
        Report report = run(Map.of("store", "memory"));

        assertThat(report.violation()).hasValueSatisfying(found -> assertThat(found.words())
                .containsAnyOf("was acknowledged, and is lost", "a manager is refused: there is no SA"));
    }

    private static Path home() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("bin")) || !Files.isDirectory(here.resolve("api-proto"))) {
            here = here.getParent();
        }
        return here;
    }
}
