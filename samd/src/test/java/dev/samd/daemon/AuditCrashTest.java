// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import dev.samd.audit.AuditReport;
import dev.samd.daemon.observe.AuditSettings;
import dev.samd.daemon.observe.WrittenLog;
import dev.samd.v1.Direction;
import dev.samd.v1.Refusal;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program, killed while it writes its audit log, and with a file that cannot grow. */
@Timeout(300)
class AuditCrashTest {
    private static final int KILLS = 4;
    private static final int CLIENTS = 8;

    @TempDir
    Path directory;

    private final AtomicInteger numbers = new AtomicInteger();
    private Path socket;
    private AuditSettings settings;

    @BeforeEach
    void choosePlaces() {
        socket = directory.resolve("run/samd.sock");
        settings = AuditSettings.in(directory.resolve("state"));
    }

    private void configure(String store, int rotateSize) throws IOException {
        Files.writeString(
                directory.resolve("samd.yaml"),
                """
                socket: %s
                state_dir: %s
                store: %s
                audit: {on_failure: stop, rotate_size: %d, keep: 10_000}
                """
                        .formatted(socket, settings.stateDir(), store, rotateSize));
    }

    @Test
    void whoeverKillsTheDaemonUnderLoadLosesNoLineThatWasAcknowledged() throws Exception {
        configure("embedded", 40_000);
        Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        for (int kill = 0; kill < KILLS; kill++) {
            try (RunningProgram samd = samd()) {
                assertThat(samd.out.readLine()).startsWith("samd ready");
                int before = acknowledged.size();
                try (TestChannel channel = new TestChannel(socket)) {
                    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
                    for (int i = 0; i < CLIENTS; i++) {
                        clients.execute(() -> addUntilItDies(channel, acknowledged));
                    }
                    await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > before + 200);
                    samd.process.destroyForcibly();
                    samd.exitCode();
                    clients.shutdown();
                    assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
                }
            }
        }
        WrittenLog log = new WrittenLog(settings);
        assertThat(log.verify().findings()).isEmpty();

        try (RunningProgram last = samd()) {
            assertThat(last.out.readLine()).startsWith("samd ready");
            last.terminate();
            assertThat(last.exitCode()).isZero();
        }
        AuditReport report = log.verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.notes()).hasSize(log.lines("torn").size());
        assertThat(log.files()).hasSizeGreaterThan(2);
        assertThat(log.lines("started")).hasSize(KILLS + 1);
        assertThat(log.lines("stopped")).hasSize(1);
        List<Long> told = new ArrayList<>();
        for (JsonObject line : log.lines("install")) {
            if (line.get("outcome").getAsString().equals("done")) {
                told.add(spiOf(line));
            }
        }
        assertThat(told).doesNotHaveDuplicates().containsAll(acknowledged);
    }

    @Test
    void aLogThatCannotGrowStopsOperationsUntilTheNextStart() throws Exception {
        // A store on disk would meet that bound as well.
        configure("memory", 1 << 30);
        List<String> small = List.of("prlimit", "--fsize=400000");
        assumeTrue(
                new ProcessBuilder("prlimit", "--fsize=400000", "true").start().waitFor() == 0,
                "skipped: there is no prlimit here");
        try (RunningProgram samd = RunningProgram.start(
                directory,
                small,
                Main.class,
                "--config",
                directory.resolve("samd.yaml").toString())) {
            assertThat(samd.out.readLine()).startsWith("samd ready");
            try (TestChannel channel = new TestChannel(socket)) {
                Optional<Refusal> refusal = Optional.empty();
                while (refusal.isEmpty()) {
                    refusal = add(channel, numbers.incrementAndGet());
                }
                assertThat(refusal.get().getReason()).isEqualTo(Refusal.Reason.AUDIT_UNAVAILABLE);
            }
            samd.terminate();
            assertThat(samd.exitCode()).isZero();
            assertThat(samd.errors()).contains("the audit log cannot be written");
        }
        try (RunningProgram samd = samd()) {
            assertThat(samd.out.readLine()).startsWith("samd ready");
            try (TestChannel channel = new TestChannel(socket)) {
                assertThat(add(channel, numbers.incrementAndGet())).isEmpty();
            }
            samd.terminate();
            assertThat(samd.exitCode()).isZero();
        }
        AuditReport report = new WrittenLog(settings).verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.notes()).isEmpty();
    }

    private RunningProgram samd() throws IOException {
        return RunningProgram.start(
                directory,
                List.of(),
                Main.class,
                "--config",
                directory.resolve("samd.yaml").toString());
    }

    private void addUntilItDies(TestChannel channel, Set<Long> acknowledged) {
        while (true) {
            int number = numbers.incrementAndGet();
            try {
                if (add(channel, number).isEmpty()) {
                    acknowledged.add((long) number);
                }
            } catch (StatusRuntimeException gone) {
                return;
            }
        }
    }

    /** Empty when it was acknowledged. */
    private static Optional<Refusal> add(TestChannel channel, int number) {
        try {
            var unused = SadbServiceGrpc.newBlockingStub(channel.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .add(SadbServiceAddRequest.newBuilder()
                            .setParameters(parameters(Direction.DIRECTION_OUTBOUND, "%08x".formatted(number))
                                    .setPeer("coap://sensor-" + number))
                            .setKeys(keys(number))
                            .build());
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            Optional<Refusal> refusal = ErrorWire.refusalOf(e);
            if (refusal.isEmpty()) {
                throw e;
            }
            return refusal;
        }
    }

    private static long spiOf(JsonObject line) {
        JsonObject sa = line.get("sas").getAsJsonArray().get(0).getAsJsonObject();
        return Long.parseLong(sa.get("spi").getAsString(), 16);
    }
}
