// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeRecords;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own, with pipes for its streams. */
@Timeout(120)
class MainTest {
    @TempDir
    Path directory;

    @Test
    void messageGoesThroughPipesAndStandardErrorHasOneLine() throws Exception {
        byte[] message = {0x40, 1, 0, 1, (byte) 0xff, 0, 1, 2};
        try (FakeDaemon daemon = FakeDaemon.start(directory.resolve("s"), new FakeRecords())) {
            assertThat(daemon).isNotNull();

            Process process = start("protect");
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(message);
            }
            byte[] output = process.getInputStream().readAllBytes();

            assertThat(process.waitFor()).isZero();
            assertThat(output).isEqualTo(message);
            assertThat(stderr()).startsWith("{\"ref\":\"0a0b0c\",").hasLineCount(1);
        }
    }

    @Test
    void endOfTheProcessIsTheExitCode() throws Exception {
        Process process = start("whoami");

        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(stderr()).startsWith("samctl: samd at ").hasLineCount(1);
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(directory.resolve("err").toFile());
        builder.environment().put("SAMD_SOCKET", directory.resolve("s").toString());
        return builder.start();
    }

    private String stderr() throws IOException {
        return Files.readString(directory.resolve("err"));
    }
}
