// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does for the state of a daemon, as docs/state.md says it: real commands, real daemons, real files. */
class UpkeepIT {
    /** GET coap://example.com/temp?u=C. */
    private static final byte[] REQUEST =
            HexFormat.of().parseHex("410112344a3b6578616d706c652e636f6d8474656d7043753d43");

    @TempDir
    private Path directory;

    private Processes processes;
    private Processes.Running live;

    @BeforeEach
    void startDaemon() throws IOException, InterruptedException {
        processes = new Processes(directory);
        live = processes.daemon("live");
        Path key = Files.writeString(directory.resolve("sa.key"), "000102030405060708090a0b0c0d0e0f\n");
        Processes.Ended added = processes.samctl(
                "live",
                "sa",
                "add",
                "--direction=out",
                "--spi=2b01",
                "--peer=coap://example.com",
                "--suite=c0a8",
                "--key=@" + key,
                "--iv=a0a1a2a3",
                "--epoch=1",
                "--fresh");
        assertThat(added.code()).as(added.err()).isZero();
    }

    @AfterEach
    void stopDaemons() throws InterruptedException {
        processes.stop();
    }

    private JsonObject operate(String... arguments) throws IOException, InterruptedException {
        String[] all =
                Stream.concat(Stream.of("-o", "jsonl"), Stream.of(arguments)).toArray(String[]::new);
        Processes.Ended ended = processes.samctl("live", all);
        assertThat(ended.code()).as(ended.err()).isZero();
        return JsonParser.parseString(ended.text()).getAsJsonObject();
    }

    private Path state(String daemon) {
        return directory.resolve(daemon).resolve("state");
    }

    private long nextNumberOf(String daemon) throws IOException, InterruptedException {
        String listed = processes.samctl(daemon, "-o", "jsonl", "sa", "list").text();
        return JsonParser.parseString(listed)
                .getAsJsonObject()
                .getAsJsonObject("usage")
                .get("next_sequence")
                .getAsLong();
    }

    /** The steps of docs/state.md, for a daemon of another name. */
    private void restore(Path backup, Path kek, String daemon) throws IOException {
        Path state = Files.createDirectories(
                state(daemon), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        copy(backup.resolve("sadb"), state.resolve("sadb"));
        copy(kek, state.resolve("kek"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Test
    void aBackupThatIsRestoredListsItsSasAndUsesNone() throws IOException, InterruptedException {
        assertThat(processes.samctl("live", REQUEST, "protect").code()).isZero();
        Path backup = directory.resolve("backup");
        JsonObject made = operate("backup", backup.toString());
        // What the daemon does after the backup is what its copy must not do again.
        assertThat(processes.samctl("live", REQUEST, "protect").code()).isZero();

        restore(backup, state("live").resolve("kek"), "restored");
        Processes.Running restored = processes.daemon("restored");

        assertThat(made.get("destination").getAsString()).isEqualTo(backup.toString());
        assertThat(restored.output()).contains("it is a backup");
        assertThat(processes.samctl("restored", "sa", "list").text()).contains("2b01", "SUSPENDED");
        Processes.Ended refused = processes.samctl("restored", REQUEST, "protect");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(processes.samctl("live", REQUEST, "protect").code()).isZero();
    }

    @Test
    void rotationWhileRunningOutlivesAKillAndLeavesTheOlderKeyUseless() throws IOException, InterruptedException {
        Path backup = directory.resolve("backup");
        String first =
                operate("backup", backup.toString()).get("key_encryption_key").getAsString();
        Path keptAside = directory.resolve("kek-of-the-backup");
        copy(state("live").resolve("kek"), keptAside);
        assertThat(processes.samctl("live", REQUEST, "protect").code()).isZero();
        long before = nextNumberOf("live");

        JsonObject rotated = operate("key", "rotate");
        String second = rotated.get("current").getAsString();
        live.process().destroyForcibly().waitFor();
        Processes.Running again = processes.daemon("live");

        assertThat(rotated.getAsJsonArray("destroyed").asList())
                .extracting(Object::toString)
                .containsExactly("\"" + first + "\"");
        List<String> kek = Files.readAllLines(state("live").resolve("kek")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(kek).singleElement().asString().startsWith(second + " ");
        assertThat(again.output()).doesNotContain("suspended");
        assertThat(nextNumberOf("live")).isGreaterThanOrEqualTo(before);
        assertThat(processes.samctl("live", REQUEST, "protect").code()).isZero();

        restore(backup, state("live").resolve("kek"), "wrong");
        Processes.Ended wrong = processes.run(
                new byte[0],
                Processes.bin("samd"),
                "--socket",
                processes.socket("wrong").toString(),
                "--state-dir",
                state("wrong").toString());
        assertThat(wrong.code()).isNotZero();
        assertThat(wrong.err() + wrong.text()).contains("sealed under key " + first);
        restore(backup, keptAside, "right");
        assertThat(processes.daemon("right").output()).contains("it is a backup");
    }
}
