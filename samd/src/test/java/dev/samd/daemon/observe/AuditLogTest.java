// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.gson.JsonObject;
import dev.samd.audit.AuditActor;
import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What waits, what is refused and what is counted; on a disk that is really full. */
@Timeout(120)
class AuditLogTest {
    private static final AuditActor CALLER = new AuditActor("uid:7", 7, 8, 9);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void everyKindOfEventHasItsLine() throws Exception {
        AuditSettings settings = settings(directory, OnFailure.STOP, 100);
        try (AuditLog log = open(settings)) {
            log.keep(AuditEvent.byDaemon(AuditKind.STARTED));
            log.record(AuditEvent.denied(CALLER, "SadbService/Flush", "NOT_PERMITTED: no"));
            log.record(AuditEvent.authenticationFailed("spiffe://x/y", "192.0.2.1:7", "certificate expired"));
            log.record(AuditEvent.intended(AuditKind.KEY_ROTATED, CALLER)
                    .with("key", "kek-2")
                    .done());
            log.record(AuditEvent.intended(AuditKind.BACKUP, CALLER)
                    .with("file", "/backup/1")
                    .done());
            end(log.intend(AuditEvent.intended(AuditKind.DELETE, CALLER)));
            end(log.conclude(AuditEvent.intended(AuditKind.DELETE, CALLER).unknown("CANCELLED")));
        }
        WrittenLog written = new WrittenLog(settings);

        assertThat(written.verify().findings()).isEmpty();
        assertThat(written.events())
                .containsExactly(
                        "opened",
                        "started",
                        "denied",
                        "authentication_failed",
                        "key_rotated",
                        "backup",
                        "delete",
                        "delete",
                        "stopped");
        JsonObject denied = written.lines("denied").get(0);
        assertThat(denied.get("principal").getAsString()).isEqualTo("uid:7");
        assertThat(denied.get("uid").getAsLong()).isEqualTo(7);
        assertThat(denied.get("gid").getAsLong()).isEqualTo(8);
        assertThat(denied.get("pid").getAsLong()).isEqualTo(9);
        assertThat(denied.get("call").getAsString()).isEqualTo("SadbService/Flush");
        assertThat(denied.get("reason").getAsString()).isEqualTo("NOT_PERMITTED: no");
        assertThat(written.lines("authentication_failed")
                        .get(0)
                        .get("principal")
                        .getAsString())
                .isEqualTo("spiffe://x/y");
    }

    @Test
    void anIntentionIsDurableWhenItsStageEnds() throws Exception {
        AuditSettings settings = settings(directory, OnFailure.STOP, 100);
        try (AuditLog log = open(settings)) {
            end(log.intend(AuditEvent.intended(AuditKind.INSTALL, CALLER)));

            assertThat(new WrittenLog(settings).lines("install")).hasSize(1);
            assertThat(new WrittenLog(settings).verify().findings()).isEmpty();
        }
    }

    @Test
    void asManyOperationsAsTheQueueSaysAreUnderWay() throws Exception {
        try (AuditLog log = open(settings(directory, OnFailure.STOP, 2))) {
            end(log.intend(AuditEvent.intended(AuditKind.INSTALL, CALLER)));
            end(log.intend(AuditEvent.intended(AuditKind.INSTALL, CALLER)));

            assertThat(refusal(log.intend(AuditEvent.intended(AuditKind.INSTALL, CALLER)))
                            .error())
                    .isEqualTo(SaError.TOO_MANY);
            end(log.conclude(AuditEvent.intended(AuditKind.INSTALL, CALLER).done()));
            end(log.intend(AuditEvent.intended(AuditKind.INSTALL, CALLER)));
        }
    }

    @Test
    void denialsOfTheSameKindAreOneLineAndTheirNumber() throws Exception {
        AuditSettings settings = settings(directory, OnFailure.STOP, 100);
        try (AuditLog log = open(settings)) {
            for (int i = 0; i < 1000; i++) {
                log.record(AuditEvent.denied(CALLER, "SadbService/Flush", "no"));
                log.record(AuditEvent.denied(CALLER, "SadbService/Add", "no"));
            }
        }
        List<JsonObject> lines = new WrittenLog(settings).lines("denied");

        assertThat(lines).hasSizeLessThan(100);
        assertThat(lines.stream()
                        .mapToLong(line -> line.has("again") ? line.get("again").getAsLong() : 1)
                        .sum())
                .isEqualTo(2000);
    }

    @Test
    void strangersWhoFailToAuthenticateLeaveRoomForCallersWhoAreDenied() throws Exception {
        AuditSettings settings = settings(directory, OnFailure.COUNT, 1000);
        try (AuditLog log = open(settings)) {
            for (int i = 0; i < 600; i++) {
                log.record(AuditEvent.authenticationFailed("", "2001:db8::" + i, "no")
                        .with("network", "2001:db8:0:" + i % 300 + "::/64"));
            }
            log.record(AuditEvent.denied(CALLER, "SadbService/Flush", "no"));
        }
        WrittenLog written = new WrittenLog(settings);

        assertThat(written.lines("denied")).hasSize(1);
        // One line for each network that has room, and one with how often it came again.
        assertThat(written.lines("authentication_failed")).hasSizeBetween(128, 256);
        assertThat(written.lines("lost")).isNotEmpty();
    }

    @Test
    void repeatsAreToldWhenTheirSecondIsOver() throws Exception {
        AuditSettings settings = settings(directory, OnFailure.STOP, 100);
        try (AuditLog log = open(settings)) {
            log.record(AuditEvent.denied(CALLER, "SadbService/Flush", "no"));
            log.record(AuditEvent.denied(CALLER, "SadbService/Flush", "no"));

            await().atMost(LONG)
                    .until(() -> new WrittenLog(settings).lines("denied").size() == 2);
        }
    }

    @Test
    void kindsOfDenialsBeyondTheBoundAreCounted() throws Exception {
        AuditSettings settings = settings(directory, OnFailure.STOP, 4096);
        try (AuditLog log = open(settings)) {
            for (int i = 0; i < 5000; i++) {
                log.record(AuditEvent.denied(AuditActor.named("uid:" + i), "SadbService/Flush", "no"));
            }
        }
        WrittenLog written = new WrittenLog(settings);

        long lost = written.lines("lost").stream()
                .mapToLong(line -> line.get("lines").getAsLong())
                .sum();
        assertThat(lost).isPositive();
        assertThat(written.lines("denied").size() + lost).isEqualTo(5000);
        assertThat(written.verify().findings()).isEmpty();
    }

    @Test
    void onAFullDiskStopRefusesAndGoesOnWhenThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
            AuditSettings settings = settings(disk.directory, OnFailure.STOP, 100);
            List<Boolean> health = new CopyOnWriteArrayList<>();
            try (AuditLog log = open(settings)) {
                log.watch(health::add);
                end(log.intend(AuditEvent.intended(AuditKind.INSTALL, CALLER).with("name", "begun")));
                disk.fill();
                int taken = 0;
                SaException refused = null;
                while (refused == null && taken < 100) {
                    // What is left of the last page of the log still takes some.
                    CompletionStage<Void> intended = log.intend(AuditEvent.intended(AuditKind.DELETE, CALLER));
                    Throwable failure = catchThrowable(() -> end(intended));
                    if (failure == null) {
                        end(log.conclude(
                                AuditEvent.intended(AuditKind.DELETE, CALLER).done()));
                        taken++;
                    } else {
                        refused = (SaException) failure.getCause();
                    }
                }
                assertThat(refused).isNotNull();
                assertThat(refused.error()).isEqualTo(SaError.AUDIT_UNAVAILABLE);
                assertThat(refused).hasMessageContaining("No space left on device");
                assertThat(refusal(log.intend(AuditEvent.intended(AuditKind.FLUSH, CALLER)))
                                .error())
                        .isEqualTo(SaError.AUDIT_UNAVAILABLE);
                // What has begun ends, and its line waits.
                end(log.conclude(AuditEvent.intended(AuditKind.INSTALL, CALLER)
                        .with("name", "begun")
                        .done()));
                log.record(AuditEvent.intended(AuditKind.KEY_ROTATED, CALLER)
                        .with("key", "kek-2")
                        .done());

                disk.free();
                await().atMost(LONG).until(() -> health.size() == 3);
                end(log.intend(AuditEvent.intended(AuditKind.UPDATE, CALLER)));
                end(log.conclude(AuditEvent.intended(AuditKind.UPDATE, CALLER).done()));
                assertThat(health).containsExactly(true, false, true);
            }
            WrittenLog written = new WrittenLog(settings);

            assertThat(written.verify().findings()).isEmpty();
            assertThat(written.lines("install")).hasSize(2);
            assertThat(written.lines("flush")).isEmpty();
            assertThat(written.lines("update")).hasSize(2);
            JsonObject lost = written.lines("lost").get(0);
            assertThat(lost.get("refused").getAsLong()).isEqualTo(2);
            assertThat(lost.get("lines").getAsLong()).isEqualTo(1);
            assertThat(lost.get("why").getAsString()).contains("No space left on device");
        }
    }

    @Test
    void onAFullDiskCountGoesOnAndTellsHowManyLinesAreMissing() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
            AuditSettings settings = settings(disk.directory, OnFailure.COUNT, 1000);
            List<Boolean> health = new CopyOnWriteArrayList<>();
            ListAppender<ILoggingEvent> logged = new ListAppender<>();
            logged.start();
            Logger logger = (Logger) LoggerFactory.getLogger(AuditLog.class);
            logger.addAppender(logged);
            try (AuditLog log = open(settings)) {
                log.watch(health::add);
                end(log.conclude(AuditEvent.intended(AuditKind.INSTALL, CALLER).done()));
                await().atMost(LONG).until(() -> Files.exists(settings.file()));
                disk.fill();
                for (int i = 0; i < 500; i++) {
                    end(log.intend(AuditEvent.intended(AuditKind.INSTALL, CALLER)));
                    end(log.conclude(
                            AuditEvent.intended(AuditKind.INSTALL, CALLER).done()));
                }
                await().atMost(LONG).until(() -> List.copyOf(logged.list).stream()
                        .anyMatch(line -> line.getFormattedMessage().contains("cannot be written")));
                disk.free();
                await().atMost(LONG)
                        .until(() -> !new WrittenLog(settings).lines("lost").isEmpty());
            } finally {
                logger.detachAppender(logged);
            }
            WrittenLog written = new WrittenLog(settings);

            assertThat(health).containsOnly(true);
            assertThat(written.verify().findings()).isEmpty();
            long lost = written.lines("lost").stream()
                    .mapToLong(line -> line.get("lines").getAsLong())
                    .sum();
            assertThat(written.lines("install").size() + lost).isEqualTo(501);
            assertThat(lost).isPositive();
        }
    }

    private static AuditSettings settings(Path place, OnFailure onFailure, int queue) {
        AuditSettings usual = AuditSettings.in(place);
        return new AuditSettings(
                usual.file(), onFailure, queue, usual.rotateSize(), usual.keep(), usual.key(), usual.stateDir());
    }

    private static AuditLog open(AuditSettings settings) throws Exception {
        return AuditLog.open(settings, Clock.systemUTC(), "0011223344556677", new Random(1));
    }

    private static void end(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static SaException refusal(CompletionStage<Void> stage) {
        Throwable failure = catchThrowable(() -> stage.toCompletableFuture().join());
        assertThat(failure).isInstanceOf(CompletionException.class);
        return (SaException) failure.getCause();
    }
}
