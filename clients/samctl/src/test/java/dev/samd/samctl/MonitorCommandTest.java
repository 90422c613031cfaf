// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeSadb;
import dev.samd.client.FakeWatch;
import dev.samd.v1.Cursor;
import dev.samd.v1.Direction;
import dev.samd.v1.Event;
import dev.samd.v1.EventKind;
import dev.samd.v1.ExpireCause;
import dev.samd.v1.SaParameters;
import dev.samd.v1.WatchServiceWatchResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MonitorCommandTest {
    private static final Cursor AT =
            Cursor.newBuilder().setIncarnation(-1).setRevision(3).build();

    @TempDir
    Path directory;

    private final FakeWatch watch = new FakeWatch();
    private FakeDaemon daemon;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), watch);
        watch.give(WatchServiceWatchResponse.newBuilder()
                .setReady(WatchServiceWatchResponse.Ready.newBuilder().setCursor(AT))
                .build());
        watch.give(event(Event.newBuilder()
                .setKind(EventKind.EVENT_KIND_EXPIRE)
                .setSoft(true)
                .setCause(ExpireCause.EXPIRE_CAUSE_RECORDS)
                .setEntry(FakeSadb.entry(
                        7,
                        SaParameters.newBuilder()
                                .setDirection(Direction.DIRECTION_OUTBOUND)
                                .setSpi(ByteString.fromHex("3f1a07c2"))
                                .setPeer("coap://device-1")
                                .build()))));
        watch.give(event(Event.newBuilder()
                .setKind(EventKind.EVENT_KIND_FLUSH)
                .setCount(4)
                .setPrincipal("uid:0")
                .setCloseNotify(ByteString.fromHex("19"))));
        watch.give(WatchServiceWatchResponse.newBuilder()
                .setLost(WatchServiceWatchResponse.Lost.newBuilder().setCount(9).setCursor(AT))
                .build());
        watch.endAfterwards();
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void peopleGetOneLineAnEvent() {
        Run run = Run.of(directory.resolve("s"), "monitor");

        assertThat(run.out())
                .isEqualTo("READY at ffffffffffffffff/3\n"
                        + "2026-11-24T00:00:00Z EXPIRE soft(RECORDS) id=7 spi=3f1a07c2 OUTBOUND MATURE"
                        + " peer=coap://device-1\n"
                        + "2026-11-24T00:00:00Z FLUSH count=4 by=uid:0\n"
                        + "LOST 9 changes; goes on at ffffffffffffffff/3, list anew\n");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @Test
    void machinesGetOneObjectAnEvent() {
        Run run = Run.of(directory.resolve("s"), "monitor -o jsonl");

        String cursor = "\"cursor\":{\"incarnation\":18446744073709551615,\"revision\":3}";
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("{\"ready\":{" + cursor + "}}");
        assertThat(lines.get(1))
                .startsWith("{\"event\":{" + cursor + ",\"time\":\"2026-11-24T00:00:00Z\",\"kind\":\"EXPIRE\","
                        + "\"entry\":{\"sa_id\":7,")
                .endsWith("\"principal\":\"\",\"soft\":true,\"hard\":false,\"cause\":\"RECORDS\",\"count\":0}}");
        assertThat(lines.get(2))
                .isEqualTo("{\"event\":{" + cursor + ",\"time\":\"2026-11-24T00:00:00Z\",\"kind\":\"FLUSH\","
                        + "\"principal\":\"uid:0\",\"close_notify\":\"19\",\"count\":4}}");
        assertThat(lines.get(3)).isEqualTo("{\"lost\":{\"count\":9," + cursor + "}}");
    }

    @Test
    void daemonThatIsAwayEndsWithThree() {
        daemon.close();

        Run run = Run.of(directory.resolve("s"), "monitor");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).startsWith("samctl: samd at ").hasLineCount(1);
    }

    private static WatchServiceWatchResponse event(Event.Builder event) {
        return WatchServiceWatchResponse.newBuilder()
                .setEvent(event.setCursor(AT).setTime(Timestamp.newBuilder().setSeconds(FakeSadb.ADDED)))
                .build();
    }
}
