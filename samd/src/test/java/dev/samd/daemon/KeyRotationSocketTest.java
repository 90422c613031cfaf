// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DurableDaemonTest.copy;
import static dev.samd.daemon.DurableDaemonTest.get;
import static dev.samd.daemon.DurableDaemonTest.lasting;
import static dev.samd.daemon.DurableDaemonTest.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.samd.daemon.store.StoreSettings;
import dev.samd.daemon.store.StoredRows;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceRotateKeyRequest;
import dev.samd.v1.AdminServiceRotateKeyResponse;
import dev.samd.v1.SaEntry;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key-encryption key changes under a daemon that is used, and under one that is killed. */
class KeyRotationSocketTest {
    private static final int KILLS = 4;

    @TempDir
    Path directory;

    private final List<DaemonFixture> running = new ArrayList<>();

    private DaemonFixture start(Path place) throws IOException {
        DaemonFixture started = new DaemonFixture(DaemonFixture.config(place).with(StoreSettings.DEFAULT));
        running.add(started);
        return started;
    }

    @AfterEach
    void stop() {
        running.forEach(DaemonFixture::close);
    }

    private static AdminServiceRotateKeyResponse rotate(DaemonFixture at) {
        return at.admin().rotateKey(AdminServiceRotateKeyRequest.getDefaultInstance());
    }

    private List<String> keyLines() throws IOException {
        return Files.readAllLines(directory.resolve("state/kek")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    @Test
    void recordsGoOnWhileTheKeyChangesAndTheOlderOneOpensNothing() throws Exception {
        DaemonFixture f = start(directory);
        BothEnds.install(f, "aa", 1);
        copy(directory.resolve("state/kek"), directory.resolve("stolen-kek"));
        AtomicInteger exchanges = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                assertThat(receive(f, get(f).getCoap()).hasOpened()).isTrue();
                exchanges.incrementAndGet();
            }
        });

        String former = keyLines().get(0).split(" ", -1)[0];
        for (int i = 0; i < 3; i++) {
            AdminServiceRotateKeyResponse rotated = rotate(f);
            assertThat(rotated.getDestroyedList()).containsExactly(former);
            assertThat(rotated.getPlace()).isEqualTo("file " + directory.resolve("state/kek"));
            former = rotated.getCurrent();
            assertThat(keyLines()).hasSize(1).allMatch(line -> line.startsWith(rotated.getCurrent() + " "));
            int seen = exchanges.get();
            await().until(() -> exchanges.get() > seen);
        }
        enough.set(true);
        load.get(20, TimeUnit.SECONDS);
        List<SaEntry> before = lasting(f);
        running.remove(f);
        f.close();

        copy(directory.resolve("state"), directory.resolve("thief/state"));
        Files.delete(directory.resolve("thief/state/kek"));
        Files.copy(directory.resolve("stolen-kek"), directory.resolve("thief/state/kek"));
        assertThatThrownBy(() -> start(directory.resolve("thief"))).hasMessageContaining("sealed under key " + former);
        assertThat(lasting(start(directory))).isEqualTo(before);
    }

    @Test
    void aDaemonThatIsKilledWhileItRotatesAlwaysStarts() throws Exception {
        DaemonFixture f = start(directory);
        BothEnds.install(f, "aa", 1);
        List<SaEntry> before = lasting(f);
        running.remove(f);
        f.close();
        AtomicInteger rotations = new AtomicInteger();
        for (int i = 1; i <= KILLS; i++) {
            try (RunningProgram samd = RunningProgram.start(
                    directory,
                    List.of(),
                    Main.class,
                    "--socket",
                    directory.resolve("k.sock").toString(),
                    "--state-dir",
                    directory.resolve("state").toString())) {
                assertThat(samd.out.readLine()).as(samd.errors()).startsWith("samd ready");
                killWhileRotating(samd, rotations, rotations.get() + 3 * i);
            }
        }

        assertThat(rotations.get()).isGreaterThanOrEqualTo(KILLS);
        assertThat(keyLines()).hasSizeBetween(1, 2);
        DaemonFixture last = start(directory);

        assertThat(lasting(last)).isEqualTo(before).noneMatch(SaEntry::getSuspended);
        assertThat(receive(last, get(last).getCoap()).hasOpened()).isTrue();
        assertThat(keyLines()).hasSize(1);
        last.close();
        running.remove(last);
        try (StoredRows rows = StoredRows.open(directory.resolve("state"))) {
            assertThat(rows.dataKey().getRetiredList()).isEmpty();
            assertThat(keyLines().get(0)).startsWith(rows.dataKey().getKeyEncryptionKey());
        }
    }

    /** Rotates one time after the other, and kills the daemon in the middle of one of them. */
    private void killWhileRotating(RunningProgram samd, AtomicInteger rotations, int enough) throws Exception {
        try (TestChannel channel = new TestChannel(directory.resolve("k.sock"))) {
            CompletableFuture<Void> rotating = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        AdminServiceGrpc.newBlockingStub(channel.channel())
                                .withDeadlineAfter(20, TimeUnit.SECONDS)
                                .rotateKey(AdminServiceRotateKeyRequest.getDefaultInstance());
                        rotations.incrementAndGet();
                    }
                } catch (StatusRuntimeException e) {
                    // The daemon is dead.
                }
            });
            await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO).until(() -> rotations.get() >= enough);
            samd.process.destroyForcibly();
            samd.exitCode();
            rotating.get(30, TimeUnit.SECONDS);
        }
    }
}
