// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeSadb;
import dev.samd.client.FakeWatch;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.AcquireView;
import dev.samd.v1.Cursor;
import dev.samd.v1.Direction;
import dev.samd.v1.Event;
import dev.samd.v1.EventKind;
import dev.samd.v1.ExpireCause;
import dev.samd.v1.Fresh;
import dev.samd.v1.Operation;
import dev.samd.v1.PairRole;
import dev.samd.v1.Rights;
import dev.samd.v1.SaParameters;
import dev.samd.v1.WatchServiceWatchResponse;
import dev.samd.wire.ErrorWire;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
        assertThat(run.err())
                .isEqualTo("samctl: samd at " + directory.resolve("s") + " ended the watch (SHUTTING_DOWN)\n");
        assertThat(run.code()).isEqualTo(1);
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
    void acquireIsFollowedFromTheNeedToTheSas() {
        AcquireView.Builder acquire = AcquireView.newBuilder()
                .setSequence(-5)
                .setTarget("coap://device-1")
                .setLocal("coap://gateway")
                .setKmp("ace")
                .setPolicy("sensors")
                .setWaiting(2);
        List<String> lines = monitored(
                Event.newBuilder()
                        .setKind(EventKind.EVENT_KIND_REGISTER)
                        .setKmp("ace")
                        .setPrincipal("uid:1000"),
                Event.newBuilder()
                        .setKind(EventKind.EVENT_KIND_ACQUIRE)
                        .setAcquire(acquire.setState(AcquireView.State.OFFERED)),
                Event.newBuilder()
                        .setKind(EventKind.EVENT_KIND_ACQUIRE_FAILED)
                        .setAcquire(acquire.clone()
                                .setState(AcquireView.State.NEXT)
                                .setReplaces(4)
                                .setReason("no \u001b[31mtoken")),
                Event.newBuilder()
                        .setKind(EventKind.EVENT_KIND_ADD)
                        .setEntry(FakeSadb.entry(9, parametersFromAKmp()).toBuilder()
                                .setPairId(6)
                                .setSupersedes(4)
                                .setRole(PairRole.PAIR_ROLE_INITIATOR)
                                .setUnconfirmed(true)
                                .setAcquireSequence(-5)),
                Event.newBuilder()
                        .setKind(EventKind.EVENT_KIND_ACQUIRE_DONE)
                        .setAcquire(acquire.clone().setState(AcquireView.State.DONE)),
                Event.newBuilder().setKind(EventKind.EVENT_KIND_POLICY).setCount(3),
                Event.newBuilder().setKind(EventKind.EVENT_KIND_UNREGISTER).setKmp("ace"));

        assertThat(lines)
                .containsExactly(
                        "REGISTER kmp=ace by=uid:1000",
                        "ACQUIRE OFFERED seq=4294967291 target=coap://device-1 local=coap://gateway kmp=ace"
                                + " policy=sensors waiting=2",
                        "ACQUIRE_FAILED NEXT seq=4294967291 target=coap://device-1 local=coap://gateway kmp=ace"
                                + " policy=sensors replaces=4 waiting=2 reason=\"no \\u001b[31mtoken\"",
                        "ADD id=9 spi=3f1a07c2 OUTBOUND MATURE peer=coap://device-1 pair=6 supersedes=4 INITIATOR"
                                + " UNCONFIRMED seq=4294967291 rights=client-1@coaps://as.example:\"r_temp w_temp\"",
                        "ACQUIRE_DONE DONE seq=4294967291 target=coap://device-1 local=coap://gateway kmp=ace"
                                + " policy=sensors waiting=2",
                        "POLICY count=3",
                        "UNREGISTER kmp=ace");
    }

    @Test
    void acquireForMachinesHasTheNamesOfTheProto() {
        give(Event.newBuilder()
                .setKind(EventKind.EVENT_KIND_ACQUIRE)
                .setAcquire(AcquireView.newBuilder()
                        .setSequence(-5)
                        .setTarget("coap://device-1")
                        .setKmp("ace")
                        .setState(AcquireView.State.CLAIMED)));

        assertThat(run("monitor -o jsonl").out().lines().toList().get(4))
                .endsWith("\"kind\":\"ACQUIRE\",\"principal\":\"\",\"count\":0,\"acquire\":{\"sequence\":4294967291,"
                        + "\"target\":\"coap://device-1\",\"local\":\"\",\"kmp\":\"ace\",\"state\":\"CLAIMED\","
                        + "\"reason\":\"\",\"waiting\":0,\"replaces\":0,\"policy\":\"\"}}}");
    }

    @Test
    void callsOfOthersAreShownWhenAskedFor() {
        watch.give(WatchServiceWatchResponse.newBuilder()
                .setOperation(Operation.newBuilder()
                        .setTime(Timestamp.newBuilder().setSeconds(FakeSadb.ADDED))
                        .setPrincipal("uid:1000")
                        .setCall("SadbService/Add")
                        .setSubject("INBOUND 01 of coap://device-1")
                        .setRefusal(ErrorWire.toRefusal(new SaException(SaError.SPI_IN_USE, "01", "SPI 01 is in use"))))
                .build());

        Run people = run("monitor --promisc");

        assertThat(watch.requests().get(0).getPromiscuous()).isTrue();
        assertThat(people.out())
                .endsWith("2026-11-24T00:00:00Z CALL SadbService/Add \"INBOUND 01 of coap://device-1\" by=uid:1000"
                        + " refused=SPI_IN_USE\n");
        assertThat(run("monitor --promisc -o jsonl").out())
                .endsWith("{\"operation\":{\"time\":\"2026-11-24T00:00:00Z\",\"principal\":\"uid:1000\","
                        + "\"call\":\"SadbService/Add\",\"subject\":\"INBOUND 01 of coap://device-1\",\"refusal\":{"
                        + "\"reason\":\"SPI_IN_USE\",\"errno\":17,\"message\":\"SPI 01 is in use\",\"value\":\"01\","
                        + "\"retryable\":false}}}\n");
    }

    @Test
    void onlyWhatIsAskedForIsAskedOfTheDaemon() {
        run("monitor");
        run("monitor --peer coap://device-1 --kind add,acquire_failed --kind EXPIRE");

        assertThat(watch.requests().get(0).getKindsList()).isEmpty();
        assertThat(watch.requests().get(0).getPromiscuous()).isFalse();
        assertThat(watch.requests().get(1).getPeer()).isEqualTo("coap://device-1");
        assertThat(watch.requests().get(1).getKindsList())
                .containsExactlyInAnyOrder(
                        EventKind.EVENT_KIND_ADD, EventKind.EVENT_KIND_ACQUIRE_FAILED, EventKind.EVENT_KIND_EXPIRE);
        assertThat(run("monitor --kind birth").code()).isEqualTo(2);
    }

    @Test
    void daemonThatStopsMeanwhileEndsWithOneAndALine() {
        FakeWatch endless = new FakeWatch();
        endless.give(WatchServiceWatchResponse.newBuilder()
                .setReady(WatchServiceWatchResponse.Ready.newBuilder().setCursor(AT))
                .build());
        FakeDaemon other = FakeDaemon.start(directory.resolve("other"), endless);
        CompletableFuture<Run> monitor =
                CompletableFuture.supplyAsync(() -> Run.of(directory.resolve("other"), "monitor"));
        await().until(() -> !endless.requests().isEmpty());

        other.close();

        assertThat(monitor.join().code()).isEqualTo(1);
        assertThat(monitor.join().err())
                .startsWith("samctl: samd at " + directory.resolve("other") + " ")
                .endsWith("(SHUTTING_DOWN)\n")
                .hasLineCount(1);
    }

    @Test
    void daemonThatIsAwayEndsWithThree() {
        daemon.close();

        Run run = Run.of(directory.resolve("s"), "monitor");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).startsWith("samctl: samd at ").hasLineCount(1);
    }

    /** What the lines say behind their time, apart from those that every test has. */
    private List<String> monitored(Event.Builder... events) {
        for (Event.Builder event : events) {
            give(event);
        }
        return run("monitor")
                .out()
                .lines()
                .skip(4)
                .map(line -> line.substring("2026-11-24T00:00:00Z ".length()))
                .toList();
    }

    private void give(Event.Builder event) {
        watch.give(event(event));
    }

    private static SaParameters parametersFromAKmp() {
        return SaParameters.newBuilder()
                .setDirection(Direction.DIRECTION_OUTBOUND)
                .setSpi(ByteString.fromHex("3f1a07c2"))
                .setPeer("coap://device-1")
                .setSuite(0xc0a8)
                .setEpoch(1)
                .setFresh(Fresh.getDefaultInstance())
                .setRights(Rights.newBuilder()
                        .setIssuer("coaps://as.example")
                        .setSubject("client-1")
                        .setScope("r_temp w_temp"))
                .build();
    }

    private Run run(String commandLine) {
        return Run.of(directory.resolve("s"), commandLine);
    }

    private static WatchServiceWatchResponse event(Event.Builder event) {
        return WatchServiceWatchResponse.newBuilder()
                .setEvent(event.setCursor(AT).setTime(Timestamp.newBuilder().setSeconds(FakeSadb.ADDED)))
                .build();
    }
}
