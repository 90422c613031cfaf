// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeKmp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kmpd as a process of its own. */
@Timeout(120)
class KmpdProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Process process;

    @AfterEach
    void stop() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void saysWhenItIsReadyAndStopsInOrder() throws Exception {
        FakeKmp service = new FakeKmp();
        try (FakeDaemon daemon = FakeDaemon.start(directory.resolve("s"), service)) {
            start("socket: " + directory.resolve("s") + "\nlisten: 127.0.0.1:0\ntoy: {}\n");

            await().atMost(PATIENCE).until(() -> out().contains("kmpd ready"));
            assertThat(out()).matches("kmpd ready listen=127\\.0\\.0\\.1:\\d+ kmps=toy pid=" + process.pid() + "\n");
            await().atMost(PATIENCE).until(() -> err().contains("registered kmp=toy pairs=0"));
            process.destroy();

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            await().atMost(PATIENCE).until(() -> !service.isRegistered("toy"));
            assertThat(daemon).isNotNull();
        }
    }

    @Test
    void daemonThatIsAwayIsOneLineAndNoEnd() throws Exception {
        start("socket: " + directory.resolve("s") + "\ntoy: {}\n");
        await().atMost(PATIENCE).until(() -> err().contains("not registered kmp=toy"));
        FakeKmp service = new FakeKmp();

        try (FakeDaemon daemon = FakeDaemon.start(directory.resolve("s"), service)) {
            await().atMost(PATIENCE).until(() -> err().contains(" registered kmp=toy pairs=0"));
            assertThat(err().lines().filter(line -> line.contains("not registered")))
                    .hasSize(1);
            assertThat(process.isAlive()).isTrue();
            assertThat(daemon).isNotNull();
        }
    }

    @Test
    void wrongConfigurationIsExitCodeOneAndWrongUsageTwo() throws Exception {
        start("toys: {}\n");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(err()).startsWith("kmpd: ").contains("line 1: unknown key \"toys\"");

        process = program().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(err()).contains("Missing required option: '--config=FILE'");
    }

    private void start(String config) throws IOException {
        Path file = directory.resolve("kmpd.yaml");
        Files.writeString(file, config);
        process = program("--config", file.toString()).start();
    }

    private ProcessBuilder program(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.samd.kmp.host.Main");
        builder.command().addAll(List.of(arguments));
        return builder.redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
    }

    private String out() throws IOException {
        return Files.readString(directory.resolve("out"));
    }

    private String err() throws IOException {
        return Files.readString(directory.resolve("err"));
    }
}
