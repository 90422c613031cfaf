// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.v1.Event;
import dev.samd.v1.Operation;
import dev.samd.v1.WatchServiceWatchResponse;
import dev.samd.wire.ErrorWire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WatchAndAdminTest {
    private static final dev.samd.v1.Cursor AT =
            dev.samd.v1.Cursor.newBuilder().setIncarnation(0xabc).setRevision(3).build();

    @TempDir
    Path directory;

    private final FakeWatch service = new FakeWatch();
    private FakeDaemon daemon;
    private SamdClient client;

    @BeforeEach
    void start() {
        service.give(WatchServiceWatchResponse.newBuilder()
                .setReady(WatchServiceWatchResponse.Ready.newBuilder().setCursor(AT))
                .build());
        daemon = FakeDaemon.start(directory.resolve("s"), service, new FakeAdmin());
        client = SamdClient.connect(directory.resolve("s"));
    }

    @AfterEach
    void stop() {
        client.close();
        daemon.close();
    }

    @Test
    void everyKindOfEventHasItsTwinOnTheWire() {
        assertThat(EventKind.values())
                .hasSize(14)
                .allSatisfy(kind -> assertThat(Watch.KIND.toWire(kind).name()).isEqualTo("EVENT_KIND_" + kind.name()));
    }

    @Test
    void watchSaysWhereItBegins() {
        Watch.Subscription watch = client.watch()
                .subscribe(WatchRequest.ALL
                        .withFrom(new Cursor(0xabc, 3))
                        .withPeer(Endpoint.parse("coap://device-1"))
                        .withKinds(Set.of(EventKind.EXPIRE))
                        .withCallsOfOthers());

        watch.close();
        assertThat(service.requests().get(0).getFrom().getRevision()).isEqualTo(3);
        assertThat(service.requests().get(0).getPeer()).isEqualTo("coap://device-1");
        assertThat(service.requests().get(0).getKindsList()).containsExactly(dev.samd.v1.EventKind.EVENT_KIND_EXPIRE);
        assertThat(service.requests().get(0).getPromiscuous()).isTrue();
    }

    @Test
    void itemsComeInOrderUntilTheEnd() {
        service.give(WatchServiceWatchResponse.newBuilder()
                .setEvent(Event.newBuilder()
                        .setCursor(AT)
                        .setTime(Timestamp.newBuilder().setSeconds(5))
                        .setKind(dev.samd.v1.EventKind.EVENT_KIND_EXPIRE)
                        .setHard(true)
                        .setCause(dev.samd.v1.ExpireCause.EXPIRE_CAUSE_RECORDS)
                        .setCloseNotify(ByteString.fromHex("15")))
                .build());
        service.give(WatchServiceWatchResponse.newBuilder()
                .setLost(WatchServiceWatchResponse.Lost.newBuilder().setCount(9).setCursor(AT))
                .build());
        service.endAfterwards();
        Cursor cursor = new Cursor(0xabc, 3);

        try (Watch.Subscription watch = client.watch().subscribe()) {
            assertThat(watch.next()).isEqualTo(new WatchItem.Ready(cursor));
            assertThat(watch.next())
                    .isEqualTo(new WatchItem.Event(
                            cursor,
                            Instant.ofEpochSecond(5),
                            EventKind.EXPIRE,
                            Optional.empty(),
                            "",
                            Optional.of(new WatchItem.Expiry(true, Optional.of(ExpireCause.RECORDS))),
                            Octets.ofHex("15"),
                            0,
                            Optional.empty(),
                            ""));
            assertThat(watch.next()).isEqualTo(new WatchItem.Lost(9, cursor));
            assertThat(watch.next()).isNull();
        }
    }

    @Test
    void acquireIsShownWithItsKmpAndItsState() {
        service.give(WatchServiceWatchResponse.newBuilder()
                .setEvent(Event.newBuilder()
                        .setCursor(AT)
                        .setKind(dev.samd.v1.EventKind.EVENT_KIND_ACQUIRE_FAILED)
                        .setAcquire(dev.samd.v1.AcquireView.newBuilder()
                                .setSequence(-2)
                                .setTarget("coap://device-1")
                                .setLocal("coap://gateway")
                                .setKmp("ace")
                                .setState(dev.samd.v1.AcquireView.State.NEXT)
                                .setReason("no token")
                                .setWaiting(3)
                                .setReplaces(9)
                                .setPolicy("sensors")))
                .build());

        WatchItem.Event event = secondItem(WatchItem.Event.class);

        assertThat(event.kind()).isEqualTo(EventKind.ACQUIRE_FAILED);
        assertThat(event.acquire())
                .contains(new AcquireView(
                        -2,
                        Endpoint.parse("coap://device-1"),
                        Endpoint.parse("coap://gateway"),
                        "ace",
                        AcquireView.State.NEXT,
                        "no token",
                        3,
                        new PairId(9),
                        "sensors"));
    }

    @Test
    void kmpThatRegistersIsNamed() {
        service.give(WatchServiceWatchResponse.newBuilder()
                .setEvent(Event.newBuilder()
                        .setCursor(AT)
                        .setKind(dev.samd.v1.EventKind.EVENT_KIND_REGISTER)
                        .setKmp("ace")
                        .setPrincipal("uid:1000"))
                .build());

        WatchItem.Event event = secondItem(WatchItem.Event.class);

        assertThat(event.kmp()).isEqualTo("ace");
        assertThat(event.acquire()).isEmpty();
    }

    @Test
    void callsOfOthersComeAsOperations() {
        SaException refusal = new SaException(SaError.SPI_IN_USE, "01", "SPI 01 is in use");
        service.give(WatchServiceWatchResponse.newBuilder()
                .setOperation(Operation.newBuilder()
                        .setTime(Timestamp.newBuilder().setSeconds(5))
                        .setPrincipal("uid:0")
                        .setCall("SadbService/Add")
                        .setSubject("INBOUND 01")
                        .setRefusal(ErrorWire.toRefusal(refusal)))
                .build());

        WatchItem.Operation operation = secondItem(WatchItem.Operation.class);

        assertThat(operation.time()).isEqualTo(Instant.ofEpochSecond(5));
        assertThat(operation.principal()).isEqualTo("uid:0");
        assertThat(operation.call()).isEqualTo("SadbService/Add");
        assertThat(operation.subject()).isEqualTo("INBOUND 01");
        assertThat(operation.refusal().orElseThrow().error()).isEqualTo(SaError.SPI_IN_USE);
    }

    @Test
    void everyStateOfAnAcquireHasItsTwinOnTheWire() {
        assertThat(AcquireView.State.values())
                .allSatisfy(state ->
                        assertThat(Watch.ACQUIRE_STATE.toWire(state).name()).isEqualTo(state.name()));
    }

    @Test
    void closedWatchEndsForItsReader() {
        Watch.Subscription watch = client.watch().subscribe();
        watch.next();
        CompletableFuture<WatchItem> reader = CompletableFuture.supplyAsync(watch::next);

        watch.close();

        assertThat(reader.join()).isNull();
    }

    @Test
    void watchOfADaemonThatGoesAwayFails() {
        Watch.Subscription watch = client.watch().subscribe();
        watch.next();
        CompletableFuture<Throwable> reader =
                CompletableFuture.supplyAsync(() -> catchThrowableOfType(SamdUnavailableException.class, watch::next));

        daemon.close();

        assertThat(reader.join()).hasMessageContaining("samd at " + directory.resolve("s"));
    }

    @Test
    void daemonSaysWhatItIsAndWhoAsks() {
        assertThat(client.admin().info())
                .isEqualTo(new DaemonInfo(
                        "0.1.0",
                        "5f3c",
                        4242,
                        Instant.ofEpochSecond(FakeSadb.ADDED),
                        "memory",
                        2,
                        new Cursor(0xabc, 17),
                        List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8),
                        Optional.of(new DaemonInfo.Refused(3, 2, 1))));
        assertThat(client.admin().whoAmI())
                .isEqualTo(new Caller(
                        "uid:1000",
                        1000,
                        100,
                        List.of(27L, 4_294_967_294L),
                        77,
                        "unix",
                        "any",
                        List.of("app", "kmp"),
                        List.of(new Caller.Grant(
                                "sensors",
                                List.of("app", "kmp"),
                                List.of("coap://device-*", "host"),
                                true,
                                false,
                                List.of("ace"))),
                        new Caller.Quota(200_000, 8_192, 100, 10, 5, 0, 7)));
    }

    @Test
    void whetherACallerMayIsAskedWithAllThatMatters() {
        AccessAnswer answer = client.admin()
                .explainAccess(new AccessQuestion(
                        new AccessQuestion.LocalProcess(4_294_967_294L, 50, List.of(60L)),
                        "",
                        "delete",
                        Optional.of(new SaId(17)),
                        "host",
                        "ace",
                        "admin"));

        assertThat(answer).isEqualTo(new AccessAnswer(false, "", List.of("delete of 17 by 4294967294 in [60]", "no")));
        assertThat(client.admin()
                        .explainAccess(new AccessQuestion(
                                null, "spiffe://example.org/app", "protect", Optional.empty(), "", "", "")))
                .isEqualTo(new AccessAnswer(true, "sensors", List.of("protect by spiffe://example.org/app")));
    }

    @Test
    void filesThatMakeNoTlsClientAreNamed() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.pem"), "no certificate");

        assertThatThrownBy(() -> SamdClient.connect(new TlsAddress("::1", 7443, broken, broken, broken)))
                .isInstanceOf(SamdUnavailableException.class)
                .hasMessageStartingWith("samd at [::1]:7443 cannot be reached: certificate " + broken);
    }

    @Test
    void upkeepSaysWhatWasDone() {
        assertThat(client.admin().backup(Path.of("/var/backups/samd-1")))
                .isEqualTo(new BackupReport("/var/backups/samd-1", 48_213, 17, "kek-5f3c0a11"));
        assertThat(client.admin().rotateKey())
                .isEqualTo(new KeyRotation(List.of("kek-5f3c0a11"), "kek-9d20e7b4", "file /var/lib/samd/kek"));
    }

    @Test
    void serviceThatIsNotServedIsSaidToBeSo() {
        SamdUnavailableException missing = catchThrowableOfType(
                SamdUnavailableException.class, () -> client.sadb().flush(SaFilter.ALL));

        assertThat(missing).hasMessageContaining("answers UNIMPLEMENTED");
    }

    @Test
    void socketThatIsNotThereIsNamed() {
        try (SamdClient nobody = SamdClient.connect(directory.resolve("nobody"))) {
            SamdUnavailableException away = catchThrowableOfType(
                    SamdUnavailableException.class, () -> nobody.admin().info());

            assertThat(away).hasMessageContaining("samd at " + directory.resolve("nobody") + " cannot be reached");
            assertThat(away).hasMessageContaining(": no socket is there");
            assertThat(away.address()).isEqualTo(nobody.address());
        }
    }

    @Test
    void pathThatNoSocketCanHaveIsRefused() {
        SamdUnavailableException tooLong = catchThrowableOfType(
                SamdUnavailableException.class, () -> SamdClient.connect(Path.of("/" + "x".repeat(107))));

        assertThat(tooLong).hasMessageContaining("a socket's path has 1..107 octets, and this one 108");
    }

    private <T extends WatchItem> T secondItem(Class<T> type) {
        try (Watch.Subscription watch = client.watch().subscribe()) {
            watch.next();
            return type.cast(watch.next());
        }
    }
}
