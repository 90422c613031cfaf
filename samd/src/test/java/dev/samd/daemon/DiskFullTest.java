// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.sa.SaError;
import dev.samd.v1.Direction;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system that has no room left, and has room again. */
class DiskFullTest {
    private static final int FILE_SYSTEM_MIB = 192;

    @TempDir
    Path directory;

    private Path disk;
    private Path ballast;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        ballast = disk.resolve("ballast");
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + FILE_SYSTEM_MIB + "m", "tmpfs", disk.toString()),
                "a file system of its own can be mounted only by root");
    }

    @AfterEach
    void unmount() throws Exception {
        // The process keeps the library's code mapped that was loaded from there.
        assertThat(run("umount", "-l", disk.toString())).isTrue();
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private void fill() throws IOException {
        byte[] block = new byte[1 << 16];
        for (int size = block.length; size > 0; size /= 2) {
            try (OutputStream out =
                    Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(block, 0, size);
                }
            } catch (IOException full) {
                assertThat(full).hasMessageContaining("No space left");
            }
        }
    }

    private static Optional<SaError> refusal(Runnable call) {
        try {
            call.run();
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            return Optional.of(ErrorWire.fromStatus(e).orElseThrow().error());
        }
    }

    @Test
    void nothingGoesBackWhileThereIsNoRoomAndAllGoesOnWhenThereIs() throws Exception {
        SamdConfig config = DaemonFixture.config(directory.resolve("run")).with(StoreSettings.DEFAULT);
        SamdConfig onDisk = new SamdConfig(
                config.socket(),
                disk.resolve("state"),
                config.eventLogSize(),
                config.stopPatience(),
                config.optionNumbers(),
                config.bounds(),
                config.kmpPrincipals(),
                config.policies(),
                config.store(),
                config.access(),
                config.audit());
        Set<ByteString> sent = new LinkedHashSet<>();
        try (DaemonFixture f = new DaemonFixture(onDisk)) {
            BothEnds.install(f, "aa", 50);
            ByteString accepted = send(f, sent);
            assertThat(receives(f, accepted)).isTrue();

            fill();
            // Numbers that were reserved before are used up first.
            Optional<SaError> refusal = Optional.empty();
            for (int i = 0; i < 10 * config.bounds().sendBlock() && refusal.isEmpty(); i++) {
                refusal = refusal(() -> send(f, sent));
            }
            assertThat(refusal).contains(SaError.NO_SPACE);
            assertThat(refusal(() -> f.add(Direction.DIRECTION_OUTBOUND, "bb01")))
                    .contains(SaError.NO_SPACE);
            assertThat(refusal(() -> receives(f, List.copyOf(sent).get(1)))).contains(SaError.NO_SPACE);

            Files.delete(ballast);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> refusal(() -> send(f, sent)).isEmpty());
            assertThat(receives(f, send(f, sent))).isTrue();
            assertThat(receives(f, accepted)).isFalse();
            f.add(Direction.DIRECTION_OUTBOUND, "bb02");
        }
    }

    /** Sends one request: no record like it was sent before. */
    private static ByteString send(DaemonFixture f, Set<ByteString> sent) {
        RecordServiceProtectResponse message =
                f.records().protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY));
        assertThat(sent.add(message.getCoap())).isTrue();
        return message.getCoap();
    }

    private static boolean receives(DaemonFixture f, ByteString coap) {
        return f.records().unprotect(unprotect(coap, SERVER, ByteString.EMPTY)).hasOpened();
    }
}
