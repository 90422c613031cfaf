// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.hex;
import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static dev.samd.daemon.DurableDaemonTest.assertRefused;
import static dev.samd.daemon.DurableDaemonTest.copy;
import static dev.samd.daemon.DurableDaemonTest.dump;
import static dev.samd.daemon.DurableDaemonTest.get;
import static dev.samd.daemon.DurableDaemonTest.receive;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.daemon.store.StoredRows;
import dev.samd.sa.SaError;
import dev.samd.v1.Direction;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceListRequest;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SadbServiceAddRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store of format 1 as it was written when that format was the newest: every later version reads it. A new format gets a
 * fixture of its own, made by {@link #make} with {@code -Dsamd.fixture=DIR}; those before stay as they are.
 */
class StoreFormatTest {
    private static final Path FORMAT_1 = Path.of("src/test/resources/store-format-1");
    private static final SadbServiceAddRequest ADDED = SadbServiceAddRequest.newBuilder()
            .setParameters(parameters(Direction.DIRECTION_OUTBOUND, "bb01").setReqid(7))
            .setKeys(keys(70))
            .setPairName("named")
            .setRequestId(hex("0102030405060708"))
            .build();

    @TempDir
    Path directory;

    private DaemonFixture f;

    private void placeFixture() throws IOException {
        copy(FORMAT_1, directory.resolve("state"));
        // Version control keeps no modes.
        Files.setPosixFilePermissions(directory.resolve("state/kek"), PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void stop() {
        if (f != null) {
            f.close();
        }
    }

    private static DaemonFixture start(Path place) throws IOException {
        return new DaemonFixture(DaemonFixture.config(place).with(StoreSettings.DEFAULT));
    }

    private static void fill(DaemonFixture first) {
        first.policies()
                .add(PolicyServiceAddRequest.newBuilder()
                        .setPolicy(Policy.newBuilder().setName("kept").setAction(PolicyAction.POLICY_ACTION_PROTECT))
                        .build());
        BothEnds.install(first, "aa", 1);
        first.sadb().add(ADDED);
        for (int i = 0; i < 3; i++) {
            assertThat(receive(first, get(first).getCoap()).hasOpened()).isTrue();
        }
    }

    @Test
    void aStoreOfFormatOneIsReadWhereverItCameFrom() throws Exception {
        placeFixture();

        f = start(directory);

        assertThat(dump(f))
                .hasSize(5)
                .allMatch(SaEntry::getSuspended)
                .extracting(entry -> entry.getParameters().getSpi())
                .containsExactlyInAnyOrder(hex("aa01"), hex("aa01"), hex("aa02"), hex("aa02"), hex("bb01"));
        assertThat(dump(f))
                .filteredOn(entry -> entry.getParameters().getReqid() == 7)
                .hasSize(1);
        assertThat(f.policies()
                        .list(PolicyServiceListRequest.getDefaultInstance())
                        .getPoliciesList())
                .extracting(Policy::getName)
                .containsExactly("kept");
        assertRefused(
                SaError.KEY_REUSED,
                () -> f.add(parameters(Direction.DIRECTION_OUTBOUND, "cc01").build(), keys(70), ""));
    }

    @Test
    void itGoesOnWhereItStoodIfItNeverMoved() throws Exception {
        placeFixture();
        try (StoredRows rows = StoredRows.open(directory.resolve("state"))) {
            Files.writeString(directory.resolve("state.guard"), rows.settleHere());
        }

        f = start(directory);

        assertThat(dump(f)).hasSize(5).noneMatch(SaEntry::getSuspended);
        ByteString late =
                hex(Files.readString(FORMAT_1.resolve("late-record.hex")).trim());
        assertThat(receive(f, late).hasOpened()).isTrue();
        assertThat(receive(f, late).hasDiscarded()).isTrue();
        assertThat(receive(f, get(f).getCoap()).hasOpened()).isTrue();
        assertThat(f.sadb().add(ADDED).getSaId()).isEqualTo(named());
    }

    private long named() {
        return dump(f).stream()
                .filter(entry -> entry.getParameters().getReqid() == 7)
                .findFirst()
                .orElseThrow()
                .getSaId();
    }

    @Test
    @EnabledIfSystemProperty(named = "samd.fixture", matches = ".+")
    void make() throws Exception {
        Path to = Files.createDirectories(Path.of(System.getProperty("samd.fixture")));
        Path from = directory.resolve("made");
        String late;
        try (DaemonFixture first = start(from)) {
            fill(first);
            late = HexFormat.of().formatHex(get(first).getCoap().toByteArray());
        }
        try (StoredRows rows = StoredRows.open(from.resolve("state"))) {
            rows.copyTo(to.resolve("sadb"));
        }
        Files.copy(from.resolve("state/kek"), to.resolve("kek"));
        Files.writeString(to.resolve("late-record.hex"), late + "\n");
        try (Stream<Path> files = Files.list(to.resolve("sadb"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                // What the library would have used had it been asked; half of the size.
                if (file.getFileName().toString().startsWith("OPTIONS-")) {
                    Files.delete(file);
                }
            }
        }
    }
}
