// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.audit.AuditActor;
import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKey;
import dev.samd.audit.AuditReport;
import dev.samd.daemon.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the log, through crashes and tampering. */
class AuditTrailTest {
    private static final Instant TIME = Instant.parse("2026-11-24T00:00:00Z");

    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsWholeThroughRestartsAndRotations() throws Exception {
        AuditSettings settings = settings("a", 3000, 100);
        for (int run = 0; run < 4; run++) {
            try (AuditTrail trail = open(settings)) {
                for (int i = 0; i < 10; i++) {
                    append(trail, 2);
                }
            }
        }
        WrittenLog log = new WrittenLog(settings);

        AuditReport report = log.verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.notes()).isEmpty();
        assertThat(log.files()).hasSizeGreaterThan(5);
        assertThat(log.lines("denied")).hasSize(80);
        assertThat(report.lines()).isEqualTo(80 + log.files().size());
    }

    @Test
    void oldFilesAreDiscardedAndALineSaysSo() throws Exception {
        AuditSettings settings = settings("a", 3000, 2);
        try (AuditTrail trail = open(settings)) {
            for (int i = 0; i < 40; i++) {
                append(trail, 2);
            }
        }
        WrittenLog log = new WrittenLog(settings);

        assertThat(log.files()).hasSize(3);
        assertThat(log.verify().findings()).isEmpty();
        Files.delete(log.files().get(0));
        assertThat(log.verify().findings()).hasSize(1);
    }

    @Test
    void aCrashAtAnyOctetOfAWriteLosesNothingThatWasAcknowledged() throws Exception {
        AuditSettings settings = settings("a", 1 << 20, 2);
        AuditTrail trail = open(settings);
        append(trail, 2);
        Path before = directory.resolve("before");
        WrittenLog.copy(settings.stateDir(), before);
        long acknowledged = Files.size(settings.file());
        append(trail, 2);
        byte[] written = Files.readAllBytes(settings.file());
        trail.close();

        for (int length = (int) acknowledged; length <= written.length; length++) {
            AuditSettings crashed = settings("crashed-" + length, 1 << 20, 2);
            WrittenLog.copy(before, crashed.stateDir());
            Files.write(crashed.file(), Arrays.copyOf(written, length));
            try (AuditTrail next = open(crashed)) {
                append(next, 1);
            }
            WrittenLog log = new WrittenLog(crashed);

            AuditReport report = log.verify();

            assertThat(report.findings()).as("%d octets", length).isEmpty();
            assertThat(log.lines("denied")).hasSizeBetween(3, 5);
            assertThat(report.notes()).hasSize(log.lines("torn").size());
        }
    }

    @Test
    void aSecondCrashInTheLineThatTellsOfTheFirstIsToldAsWell() throws Exception {
        AuditSettings settings = settings("a", 1 << 20, 2);
        try (AuditTrail trail = open(settings)) {
            append(trail, 2);
        }
        byte[] log = Files.readAllBytes(settings.file());
        Files.write(
                settings.file(),
                concat(
                        log,
                        "{\"seq\":4,".getBytes(StandardCharsets.UTF_8),
                        "\n{\"seq".getBytes(StandardCharsets.UTF_8),
                        "\n".getBytes(StandardCharsets.UTF_8)));
        try (AuditTrail trail = open(settings)) {
            append(trail, 1);
        }

        AuditReport report = new WrittenLog(settings).verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.notes()).hasSize(1).first().asString().contains(" 16 octets ");
    }

    @Test
    void aCrashAtAnyStepOfARotationIsHealed() throws Exception {
        AuditSettings settings = settings("a", 1500, 9);
        AuditTrail trail = open(settings);
        append(trail, 5);
        Path before = directory.resolve("before");
        WrittenLog.copy(settings.stateDir(), before);
        append(trail, 1);
        trail.close();
        String first = Files.readAllLines(settings.file()).get(0) + "\n";
        assertThat(settings.older(1)).exists();

        AuditSettings made = settings("made", 1500, 9);
        WrittenLog.copy(before, made.stateDir());
        Files.writeString(made.next(), first.substring(0, 20));
        AuditSettings moved = settings("moved", 1500, 9);
        WrittenLog.copy(before, moved.stateDir());
        Files.move(moved.file(), moved.older(1));
        Files.writeString(moved.next(), first);
        AuditSettings renamed = settings("renamed", 1500, 9);
        WrittenLog.copy(before, renamed.stateDir());
        Files.move(renamed.file(), renamed.older(1));
        Files.writeString(renamed.file(), first);

        for (AuditSettings crashed : List.of(made, moved, renamed)) {
            try (AuditTrail next = open(crashed)) {
                append(next, 1);
            }
            AuditReport report = new WrittenLog(crashed).verify();

            assertThat(report.findings()).as("%s", crashed.stateDir()).isEmpty();
            assertThat(report.notes()).isEmpty();
            assertThat(report.lines()).isEqualTo(8);
        }
    }

    @Test
    void aCrashBeforeTheStateKnowsOfTheFirstFileIsHealed() throws Exception {
        AuditSettings settings = settings("a", 1 << 20, 9);
        open(settings).close();
        Path before = directory.resolve("before");
        WrittenLog.copy(settings.stateDir(), before);
        try (AuditTrail trail = open(settings)) {
            append(trail, 1);
        }
        AuditSettings crashed = settings("crashed", 1 << 20, 9);
        WrittenLog.copy(before, crashed.stateDir());
        Files.copy(settings.file(), crashed.file());

        try (AuditTrail trail = open(crashed)) {
            append(trail, 1);
        }

        assertThat(new WrittenLog(crashed).verify().findings()).isEmpty();
        assertThat(new WrittenLog(crashed).lines()).hasSize(3);
    }

    @Test
    void aLogThatWasCutWhileTheDaemonWasAwayIsPutAsideAndToldOf() throws Exception {
        AuditSettings settings = settings("a", 1 << 20, 9);
        try (AuditTrail trail = open(settings)) {
            append(trail, 3);
        }
        byte[] whole = Files.readAllBytes(settings.file());
        Files.write(settings.file(), Arrays.copyOf(whole, whole.length - 10));
        try (AuditTrail trail = open(settings)) {
            append(trail, 1);
        }
        WrittenLog log = new WrittenLog(settings);

        assertThat(log.verify().findings()).isNotEmpty();
        assertThat(log.lines("opened").get(1).get("found").getAsString()).contains("octets; it had " + whole.length);
        Files.write(settings.older(1), whole);
        assertThat(log.verify().findings()).isEmpty();
    }

    @Test
    void aLogThatIsChangedUnderARunningDaemonIsPutAsideAndToldOf() throws Exception {
        AuditSettings settings = settings("a", 1 << 20, 9);
        try (AuditTrail trail = open(settings)) {
            append(trail, 2);
            Files.delete(settings.file());
            append(trail, 1);
            Path copy = directory.resolve("copy");
            Files.copy(settings.file(), copy);
            Files.move(copy, settings.file(), StandardCopyOption.REPLACE_EXISTING);
            append(trail, 1);
        }
        WrittenLog log = new WrittenLog(settings);

        assertThat(log.lines("opened"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.get("found").getAsString()).contains("changed by somebody else"));
        assertThat(log.verify().findings()).isNotEmpty();
    }

    @Test
    void theKeyThatMakesEverythingLeavesTheDaemonAfterTheFirstStart() throws Exception {
        AuditSettings settings = settings("a", 1 << 20, 9);
        open(settings).close();
        String file = Files.readString(settings.key());
        byte[] key = HexFormat.of().parseHex(file.strip().substring("samd-audit-key-1 ".length()));
        assertThat(key).hasSize(AuditKey.LENGTH);
        for (Path path : List.of(settings.state(), settings.anchor())) {
            assertThat(HexFormat.of().formatHex(Files.readAllBytes(path)))
                    .doesNotContain(HexFormat.of().formatHex(key));
        }
        Path elsewhere = Files.move(settings.key(), directory.resolve("elsewhere"));
        try (AuditTrail trail = open(settings)) {
            append(trail, 1);
        }

        assertThat(settings.key()).doesNotExist();
        Files.move(elsewhere, settings.key());
        assertThat(new WrittenLog(settings).verify().findings()).isEmpty();
        assertThat(List.of(settings.key(), settings.state()))
                .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .isEqualTo("rw-------"));
    }

    @Test
    void aKeyThatAFirstStartDidNotFinishIsWrittenByTheNext() throws Exception {
        AuditSettings settings = settings("a", 1 << 20, 9);
        byte[] key = new byte[AuditKey.LENGTH];
        key[3] = 9;
        byte[] first = new byte[2 + key.length];
        first[0] = 1;
        first[1] = 1;
        System.arraycopy(key, 0, first, 2, key.length);
        SlotFile.create(settings.state(), first).close();

        try (AuditTrail trail = open(settings)) {
            append(trail, 1);
        }

        assertThat(Files.readAllBytes(settings.key())).isEqualTo(AuditKey.toOctets(key));
        assertThat(new WrittenLog(settings).verify().findings()).isEmpty();
    }

    @Test
    void aLogWithoutItsStateIsNotContinued() throws Exception {
        AuditSettings settings = settings("a", 1 << 20, 9);
        try (AuditTrail trail = open(settings)) {
            append(trail, 1);
        }
        Files.delete(settings.state());

        assertThatThrownBy(() -> open(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("audit.log is there, and ")
                .hasMessageContaining("audit.state");
    }

    @Test
    void aStateOfAnotherVersionAndADamagedOneAreRefused() throws Exception {
        AuditSettings settings = settings("a", 1 << 20, 9);
        SlotFile.create(settings.state(), new byte[] {2, 0}).close();
        assertThatThrownBy(() -> open(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has version 2");

        Files.write(settings.state(), new byte[9000]);
        assertThatThrownBy(() -> open(settings))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("audit.state is damaged");
    }

    @Test
    void ofTwoSlotsTheNewestThatIsWholeCounts() throws Exception {
        Path file = directory.resolve("slots");
        try (SlotFile slots = SlotFile.create(file, new byte[] {1})) {
            slots.write(new byte[] {2});
            slots.write(new byte[] {3});
        }
        byte[] octets = Files.readAllBytes(file);
        // 3 is in the slot of 1; a crash spoils it.
        octets[4096 + 12] ^= 1;
        Files.write(file, octets);

        try (SlotFile slots = SlotFile.find(file).orElseThrow()) {
            assertThat(slots.read())
                    .hasValueSatisfying(value -> assertThat(value).containsExactly(2));
        }
    }

    private AuditSettings settings(String name, long rotateSize, int keep) throws IOException {
        Path place = Files.createDirectories(directory.resolve(name));
        AuditSettings usual = AuditSettings.in(place);
        return new AuditSettings(
                usual.file(), OnFailure.STOP, usual.queue(), rotateSize, keep, usual.key(), usual.stateDir());
    }

    private static AuditTrail open(AuditSettings settings) throws IOException {
        return AuditTrail.open(settings, "0011223344556677", new Random(1));
    }

    private static void append(AuditTrail trail, int lines) throws IOException {
        trail.append(IntStream.range(0, lines)
                .mapToObj(i ->
                        new TimedEvent(AuditEvent.denied(AuditActor.named("uid:7"), "SadbService/Add", "no"), TIME))
                .toList());
    }

    private static byte[] concat(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
