// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.Direction;
import dev.samd.v1.Lifetime;
import dev.samd.v1.Limits;
import dev.samd.v1.SaFilter;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceFlushRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lifetimes run on a clock that does not jump, within a run and over a restart. */
class ClockJumpTest {
    private static final int DAY_SECONDS = 86_400;
    private static final Instant BEGIN = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(7);
    private final AtomicReference<Instant> wall = new AtomicReference<>(BEGIN);
    private final Clocks clocks = new Clocks(nanos::get, new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return wall.get();
        }
    });

    private DaemonFixture start() throws IOException {
        return new DaemonFixture(
                Daemon.start(DaemonFixture.config(directory).with(StoreSettings.DEFAULT), clocks, new SecureRandom()));
    }

    private void pass(long seconds) {
        nanos.addAndGet(seconds * 1_000_000_000);
        jump(seconds);
    }

    private void jump(long seconds) {
        wall.updateAndGet(instant -> instant.plusSeconds(seconds));
    }

    private static void addForAnHour(DaemonFixture f) {
        f.sadb()
                .add(SadbServiceAddRequest.newBuilder()
                        .setParameters(DaemonFixture.parameters(Direction.DIRECTION_OUTBOUND, "bb01")
                                .setLifetime(Lifetime.newBuilder()
                                        .setHard(Limits.newBuilder()
                                                .setAddTime(
                                                        Duration.newBuilder().setSeconds(3600)))))
                        .setKeys(DaemonFixture.keys(1))
                        .build());
    }

    /** Number of SAs; asking for a listing makes the database look at the time. */
    private static long count(DaemonFixture f) {
        f.sadb()
                .flush(SadbServiceFlushRequest.newBuilder()
                        .setFilter(SaFilter.newBuilder().setPeer("coap://nobody"))
                        .build());
        return f.admin().info(AdminServiceInfoRequest.getDefaultInstance()).getSaCount();
    }

    @ParameterizedTest
    @ValueSource(ints = {DAY_SECONDS, -DAY_SECONDS})
    void aWallClockThatJumpsByADayEndsNothingAndKeepsNothingAlive(int jump) throws Exception {
        try (DaemonFixture f = start()) {
            addForAnHour(f);

            jump(jump);
            assertThat(count(f)).isEqualTo(1);
            pass(3599);
            assertThat(count(f)).isEqualTo(1);
            pass(1);
            await().until(() -> count(f) == 0);
        }
    }

    @Test
    void timeThatPassesWhileTheDaemonIsDownCounts() throws Exception {
        try (DaemonFixture f = start()) {
            addForAnHour(f);
            pass(1000);
        }
        nanos.set(-123_456_789);
        jump(2599);
        try (DaemonFixture f = start()) {
            assertThat(count(f)).isEqualTo(1);
            pass(1);
            await().until(() -> count(f) == 0);
        }
    }

    @Test
    void aWallClockThatWasSetBackWhileTheDaemonWasDownTakesNoTimeBack() throws Exception {
        try (DaemonFixture f = start()) {
            addForAnHour(f);
            pass(1000);
            // Time is kept with every change.
            f.add(DaemonFixture.parameters(Direction.DIRECTION_INBOUND, "cc01").build(), DaemonFixture.keys(2), "");
        }
        nanos.set(99);
        jump(-DAY_SECONDS);
        try (DaemonFixture f = start()) {
            pass(2599);
            assertThat(count(f)).isEqualTo(2);
            pass(1);
            await().until(() -> count(f) == 1);
        }
    }
}
