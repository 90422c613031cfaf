// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark, with every parameter, through the harness and its checks; nothing is measured. */
class BenchmarkSmokeTest {
    @Test
    void everyBenchmarkRunsOnceWithEveryParameter() throws Exception {
        Options once = new OptionsBuilder()
                .include("dev\\.samd\\.bench\\..*Benchmark\\..*")
                .mode(Mode.SingleShotTime)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        List<String> run = new Runner(once)
                .run().stream().map(result -> result.getParams().getBenchmark()).toList();

        int aead = 2 * 3 * 2 * 4;
        int record = 2 * 3 * 2 * 3;
        int message = 2 * 2;
        assertThat(run).hasSize(aead + record + message);
    }
}
