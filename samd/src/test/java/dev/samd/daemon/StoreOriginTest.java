// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static dev.samd.daemon.DurableDaemonTest.copy;
import static dev.samd.daemon.DurableDaemonTest.dump;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.daemon.store.StoredRows;
import dev.samd.store.v1.LifeRow;
import dev.samd.v1.Direction;
import dev.samd.v1.Keys;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SadbServiceInstallPairRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start makes of a store of another version, key, machine, boot or guard; and what a thief finds in one. */
class StoreOriginTest {
    @TempDir
    Path directory;

    private final List<DaemonFixture> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(DaemonFixture::close);
    }

    private DaemonFixture start(Path place) throws IOException {
        DaemonFixture started = new DaemonFixture(DaemonFixture.config(place).with(StoreSettings.DEFAULT));
        running.add(started);
        return started;
    }

    private void end(DaemonFixture fixture) {
        running.remove(fixture);
        fixture.close();
    }

    private Path state() {
        return directory.resolve("state");
    }

    private Path guard() {
        return directory.resolve("state.guard");
    }

    private void fill() throws IOException {
        DaemonFixture first = start(directory);
        BothEnds.install(first, "aa", 1);
        end(first);
    }

    /** Changes what the last life left, as if it had been lived elsewhere, without a trace in the guard. */
    private void change(UnaryOperator<LifeRow.Builder> life) throws Exception {
        long sequence;
        try (StoredRows rows = StoredRows.open(state())) {
            rows.life(life);
            sequence = rows.sequence();
        }
        String[] words = Files.readString(guard()).trim().split(" ", -1);
        Files.writeString(guard(), words[0] + ' ' + words[1] + ' ' + words[2] + ' ' + sequence + '\n');
    }

    private void assertSuspended(boolean suspended) throws IOException {
        List<SaEntry> entries = dump(start(directory));
        assertThat(entries).hasSize(4).allMatch(entry -> entry.getSuspended() == suspended);
    }

    @Test
    void aNewerFormatIsRefusedWithBothNumbersAndNothingIsChanged() throws Exception {
        fill();
        List<String> before;
        try (StoredRows rows = StoredRows.open(state())) {
            rows.format(2);
            before = rows.everything();
        }
        String guard = Files.readString(guard());

        assertThatThrownBy(() -> start(directory))
                .hasMessageContaining("the store in " + state() + " is of format 2; this version of samd reads 1 to 1");

        assertThat(Files.readString(guard())).isEqualTo(guard);
        try (StoredRows rows = StoredRows.open(state())) {
            assertThat(rows.everything()).isEqualTo(before);
        }
    }

    @Test
    void anotherKeyAMissingOneAndOneThatOthersReadAreRefused() throws Exception {
        fill();
        Path kek = state().resolve("kek");
        String line = Files.readString(kek);
        String name = line.lines().skip(1).findFirst().orElseThrow().split(" ", -1)[0];
        Files.writeString(kek, name + ' ' + "00".repeat(32) + '\n');
        assertThatThrownBy(() -> start(directory))
                .hasMessageContaining("key " + name + " of key file " + kek + " is not the one");
        Files.writeString(kek, "other " + "00".repeat(32) + '\n');
        assertThatThrownBy(() -> start(directory)).hasMessageContaining("sealed under key " + name);
        Files.writeString(kek, line);
        Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> start(directory)).hasMessageContaining(kek + " can be read by others");
        Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString("rw-------"));
        Files.move(kek, directory.resolve("elsewhere"));
        assertThatThrownBy(() -> start(directory)).hasMessageContaining("key file " + kek + " is missing");
        Files.move(directory.resolve("elsewhere"), kek);

        // None of these changed anything.
        assertSuspended(false);
    }

    @Test
    void aStoreOfAnotherMachineIsSuspended() throws Exception {
        fill();
        change(life -> life.setMachine("another"));

        assertSuspended(true);
    }

    @Test
    void anotherBootMattersWhereWritesWereNotSyncedAndTheStopWasNotClean() throws Exception {
        fill();
        change(life -> life.setBoot("another").setPowerLoss(false));
        DaemonFixture clean = start(directory);
        assertThat(dump(clean)).noneMatch(SaEntry::getSuspended);
        end(clean);
        change(life -> life.setBoot("another").setPowerLoss(false).setGeneration(life.getGeneration() + 1));

        assertSuspended(true);
    }

    @Test
    void anotherBootDoesNotMatterWhereWritesWereSynced() throws Exception {
        fill();
        change(life -> life.setBoot("another").setGeneration(life.getGeneration() + 1));

        assertSuspended(false);
    }

    @Test
    void aGuardThatIsMissingOrOfAnotherStoreOrAheadSuspends() throws Exception {
        fill();
        String[] words = Files.readString(guard()).trim().split(" ", -1);
        long sequence = Long.parseLong(words[3]);
        List<String> wrong = List.of(
                "not a guard\n",
                words[0] + ' ' + "00".repeat(16) + ' ' + words[2] + ' ' + words[3],
                words[0] + ' ' + words[1] + " 9 " + words[3],
                words[0] + ' ' + words[1] + ' ' + words[2] + ' ' + (sequence + 1));
        for (int i = 0; i < wrong.size(); i++) {
            Path place = directory.resolve("place" + i);
            copy(state(), place.resolve("state"));
            Files.writeString(place.resolve("state.guard"), wrong.get(i));

            assertThat(dump(start(place))).as(wrong.get(i)).hasSize(4).allMatch(SaEntry::getSuspended);
        }
        Files.delete(guard());
        assertSuspended(true);
    }

    @Test
    void aGuardThatIsBehindIsWhatACrashLeaves() throws Exception {
        fill();
        String[] words = Files.readString(guard()).trim().split(" ", -1);
        Files.writeString(guard(), words[0] + ' ' + words[1] + " 0 1\n");

        assertSuspended(false);
    }

    @Test
    void noFileOfTheStateDirectoryHoldsAKeyAnIvOrASecretOfAKmp() throws Exception {
        String canary = "CANARY-KEY-16oct";
        String other = "CANARY-KEY-sixtn";
        String iv = "IV4c";
        String secret = "CANARY-KMP-PRIVATE-RESUMPTION-SECRET";
        DaemonFixture f = start(directory);
        f.sadb()
                .installPair(SadbServiceInstallPairRequest.newBuilder()
                        .setInbound(parameters(Direction.DIRECTION_INBOUND, "ab01"))
                        .setInboundKeys(canaryKeys(canary, iv))
                        .setOutbound(parameters(Direction.DIRECTION_OUTBOUND, "ab02"))
                        .setOutboundKeys(canaryKeys(other, iv))
                        .setKmpPrivate(ByteString.copyFromUtf8(secret))
                        .build());
        f.add(
                parameters(Direction.DIRECTION_OUTBOUND, "ab03")
                        .setPeer("coap://peer-of-the-canary")
                        .build(),
                keys(5),
                "");
        assertNowhere(directory, canary, other, iv, secret, "CANARY");
        assertNowhere(state().resolve("sadb"), "peer-of-the-canary");

        end(f);

        assertNowhere(directory, canary, other, iv, secret, "CANARY");
        assertNowhere(state().resolve("sadb"), "peer-of-the-canary");
        assertThat(dump(start(directory))).hasSize(3);
    }

    private static Keys canaryKeys(String key, String iv) {
        return Keys.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setIv(ByteString.copyFromUtf8(iv))
                .build();
    }

    /** In no file below but the library that the daemon puts there. */
    private void assertNowhere(Path below, String... secrets) throws IOException {
        int files = 0;
        try (Stream<Path> all = Files.walk(below)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                boolean code = file.startsWith(state().resolve("native"));
                if (code) {
                    continue;
                }
                files++;
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                for (String each : secrets) {
                    assertThat(content).as(file.toString()).doesNotContain(each);
                    assertThat(content)
                            .as(file.toString())
                            .doesNotContain(HexFormat.of().formatHex(each.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
        assertThat(files).isGreaterThan(5);
    }
}
