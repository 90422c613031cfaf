// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.samd.sa.SaError;
import dev.samd.v1.Cursor;
import dev.samd.v1.Direction;
import dev.samd.v1.Event;
import dev.samd.v1.EventKind;
import dev.samd.v1.ExpireCause;
import dev.samd.v1.Identity;
import dev.samd.v1.Lifetime;
import dev.samd.v1.Limits;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.WatchServiceWatchRequest;
import dev.samd.v1.WatchServiceWatchResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches through a real Unix socket. */
class WatchSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private DaemonFixture f;

    @BeforeEach
    void start() throws Exception {
        SamdConfig plain = DaemonFixture.config(directory);
        f = new DaemonFixture(new SamdConfig(
                plain.socket(), plain.stateDir(), 100, plain.stopPatience(), plain.optionNumbers(), plain.bounds()));
    }

    @AfterEach
    void stop() {
        f.close();
    }

    @Test
    void threeWatchersHearOfEverythingInOrderAndNeverOfKeys() { // T1, T2
        List<Watcher> watchers = List.of(watch(), watch(), watch());
        long id = f.add(Direction.DIRECTION_INBOUND, "aa01").getSaId();
        f.sadb().flush(SadbServiceFlushRequest.getDefaultInstance());

        for (Watcher watcher : watchers) {
            watcher.awaitEvents(3);
            assertThat(watcher.events())
                    .extracting(Event::getKind)
                    .containsExactly(EventKind.EVENT_KIND_ADD, EventKind.EVENT_KIND_DELETE, EventKind.EVENT_KIND_FLUSH);
            assertThat(watcher.events().get(0).getEntry().getSaId()).isEqualTo(id);
            assertThat(watcher.events())
                    .extracting(e -> e.getCursor().getRevision())
                    .containsExactly(1L, 2L, 3L);
            assertThat(watcher.events().get(2).getCount()).isEqualTo(1);
            assertThat(watcher.events().get(0).getPrincipal()).startsWith("uid:");
        }
    }

    @Test
    void aWatchFromTheCursorOfADumpHasNoGapAndNoDouble() { // T47
        f.add(Direction.DIRECTION_INBOUND, "aa01");
        Cursor cursor = f.sadb()
                .dump(SadbServiceDumpRequest.getDefaultInstance())
                .next()
                .getSnapshot()
                .getCursor();
        f.add(Direction.DIRECTION_INBOUND, "aa02");

        Watcher watcher = watch(WatchServiceWatchRequest.newBuilder().setFrom(cursor));
        f.add(Direction.DIRECTION_INBOUND, "aa03");
        watcher.awaitEvents(2);

        assertThat(watcher.items.get(0).getReady().getCursor()).isEqualTo(cursor);
        assertThat(watcher.events())
                .extracting(e -> e.getCursor().getRevision())
                .containsExactly(2L, 3L);
    }

    @Test
    void aCursorOfAnotherLifeOrOfTheFutureIsLost() { // T48
        f.add(Direction.DIRECTION_INBOUND, "aa01");
        long incarnation = watch().items.get(0).getReady().getCursor().getIncarnation();
        List<Cursor> wrong = List.of(
                Cursor.newBuilder()
                        .setIncarnation(incarnation + 1)
                        .setRevision(1)
                        .build(),
                Cursor.newBuilder().setIncarnation(incarnation).setRevision(99).build());

        for (Cursor cursor : wrong) {
            Watcher watcher = watch(WatchServiceWatchRequest.newBuilder().setFrom(cursor));
            await().atMost(PATIENCE).until(() -> watcher.items.size() == 2);
            assertThat(watcher.items.get(1).getLost().getCursor().getRevision()).isEqualTo(1);
            assertThat(watcher.items.get(1).getLost().getCount()).isZero();
        }
    }

    @Test
    void aWatcherThatDoesNotReadIsLostAndGoesOn() { // T25
        Watcher slow = new Watcher(false);
        f.watch().watch(WatchServiceWatchRequest.getDefaultInstance(), slow);
        slow.request.join().request(1);
        await().atMost(PATIENCE).until(() -> slow.items.size() == 1);
        // Far more than the windows of the transport and the log of 100 events hold.
        Identity longName = Identity.newBuilder()
                .setKmp("manual")
                .setValue("x".repeat(1000))
                .build();
        for (int i = 0; i < 3000; i++) {
            f.add(
                    parameters(Direction.DIRECTION_INBOUND, String.format("%08x", i + 1))
                            .setPeerIdentity(longName)
                            .build(),
                    keys(i + 1),
                    "");
        }

        slow.request.join().request(Integer.MAX_VALUE);
        await().atMost(PATIENCE).until(() -> slow.items.stream().anyMatch(WatchServiceWatchResponse::hasLost));
        f.sadb().flush(SadbServiceFlushRequest.getDefaultInstance());

        WatchServiceWatchResponse.Lost lost = slow.items.stream()
                .filter(WatchServiceWatchResponse::hasLost)
                .findFirst()
                .orElseThrow()
                .getLost();
        long seen = slow.events().stream()
                .filter(e -> e.getCursor().getRevision() <= lost.getCursor().getRevision())
                .count();
        assertThat(seen + lost.getCount()).isEqualTo(lost.getCursor().getRevision());
    }

    @Test
    void aWatcherHearsOfWhatHeAskedForOnly() {
        Watcher deletes = watch(WatchServiceWatchRequest.newBuilder().addKinds(EventKind.EVENT_KIND_DELETE));
        Watcher stranger = watch(WatchServiceWatchRequest.newBuilder().setPeer("coap://stranger"));
        Watcher all = watch();
        long id = f.add(Direction.DIRECTION_INBOUND, "aa01").getSaId();
        delete(id, false);
        all.awaitEvents(2);
        deletes.awaitEvents(1);

        assertThat(deletes.events()).extracting(Event::getKind).containsExactly(EventKind.EVENT_KIND_DELETE);
        assertThat(stranger.events()).isEmpty();
    }

    @Test
    void theEndOfAPairCarriesOneCloseNotifyForThePeer() { // T32
        SadbServiceInstallPairResponse pair = f.sadb()
                .installPair(SadbServiceInstallPairRequest.newBuilder()
                        .setInbound(parameters(Direction.DIRECTION_INBOUND, "aa01"))
                        .setInboundKeys(keys(1))
                        .setOutbound(parameters(Direction.DIRECTION_OUTBOUND, "bb01"))
                        .setOutboundKeys(keys(2))
                        .build());
        Watcher watcher = watch();

        delete(pair.getInboundSaId(), true);
        watcher.awaitEvents(2);

        assertThat(watcher.events())
                .extracting(e -> e.getCloseNotify().isEmpty())
                .containsExactly(true, false);
        // tls12_cid with our outbound SPI as connection ID (RFC 9146 s4).
        assertThat(watcher.events().get(1).getCloseNotify().byteAt(0)).isEqualTo((byte) 25);
        assertThat(watcher.events().get(1).getEntry().getUsage().getNextSequence())
                .isEqualTo(1);
    }

    @Test
    void wearOfTheDataPathBecomesAnEvent() { // T13
        Lifetime lifetime = Lifetime.newBuilder()
                .setSoft(Limits.newBuilder().setRecords(2))
                .setHard(Limits.newBuilder().setRecords(4))
                .build();
        f.add(
                parameters(Direction.DIRECTION_OUTBOUND, "aa01")
                        .setLifetime(lifetime)
                        .build(),
                keys(1),
                "");
        Watcher watcher = watch(WatchServiceWatchRequest.newBuilder().addKinds(EventKind.EVENT_KIND_EXPIRE));

        IntStream.range(0, 4).forEach(i -> f.records()
                .protect(BothEnds.protect(Messages.GET, "", DaemonFixture.PEER, ByteString.EMPTY)));
        watcher.awaitEvents(2);

        Event soft = watcher.events().get(0);
        Event hard = watcher.events().get(1);
        assertThat(soft.getSoft()).isTrue();
        assertThat(soft.getHard()).isFalse();
        assertThat(hard.getHard()).isTrue();
        assertThat(hard.getSoft()).isFalse();
        assertThat(hard.getCause()).isEqualTo(ExpireCause.EXPIRE_CAUSE_RECORDS);
        assertThat(hard.getEntry().getUsage().getRecords()).isEqualTo(4);
    }

    @Test
    void timeBecomesAnEvent() { // T14
        Lifetime lifetime = Lifetime.newBuilder()
                .setSoft(Limits.newBuilder().setAddTime(millis(50)))
                .setHard(Limits.newBuilder().setAddTime(millis(50)))
                .build();
        Watcher watcher = watch(WatchServiceWatchRequest.newBuilder().addKinds(EventKind.EVENT_KIND_EXPIRE));

        f.add(
                parameters(Direction.DIRECTION_INBOUND, "aa01")
                        .setLifetime(lifetime)
                        .build(),
                keys(1),
                "");
        watcher.awaitEvents(1);

        assertThat(watcher.events().get(0).getHard()).isTrue();
        assertThat(watcher.events().get(0).getCause()).isEqualTo(ExpireCause.EXPIRE_CAUSE_TIME);
    }

    @Test
    void aKindThatIsNoneIsRefused() throws Exception {
        Watcher watcher = new Watcher(true);
        f.watch().watch(WatchServiceWatchRequest.newBuilder().addKindsValue(77).build(), watcher);

        try {
            watcher.ended.get(20, TimeUnit.SECONDS);
            Assertions.fail("the watch ended well");
        } catch (ExecutionException e) {
            assertThat(ErrorWire.fromStatus(e.getCause()).orElseThrow().error()).isEqualTo(SaError.MALFORMED);
        }
    }

    @Test
    void watchesEndWellWhenTheDaemonStops() throws Exception {
        Watcher watcher = watch();

        f.daemon.close();

        assertThat(watcher.ended.get(20, TimeUnit.SECONDS)).isNull();
    }

    private static com.google.protobuf.Duration millis(int millis) {
        return com.google.protobuf.Duration.newBuilder()
                .setNanos(millis * 1_000_000)
                .build();
    }

    private void delete(long id, boolean pair) {
        f.sadb()
                .delete(SadbServiceDeleteRequest.newBuilder()
                        .setSa(SaSelector.newBuilder().setSaId(id))
                        .setPair(pair)
                        .build());
    }

    private Watcher watch() {
        return watch(WatchServiceWatchRequest.newBuilder());
    }

    private Watcher watch(WatchServiceWatchRequest.Builder request) {
        Watcher watcher = new Watcher(true);
        f.watch().watch(request.build(), watcher);
        await().atMost(PATIENCE).until(() -> !watcher.items.isEmpty());
        return watcher;
    }

    private static final class Watcher
            implements ClientResponseObserver<WatchServiceWatchRequest, WatchServiceWatchResponse> {
        final List<WatchServiceWatchResponse> items = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        final CompletableFuture<ClientCallStreamObserver<WatchServiceWatchRequest>> request = new CompletableFuture<>();
        private final boolean reading;

        Watcher(boolean reading) {
            this.reading = reading;
        }

        List<Event> events() {
            return items.stream()
                    .filter(WatchServiceWatchResponse::hasEvent)
                    .map(WatchServiceWatchResponse::getEvent)
                    .toList();
        }

        void awaitEvents(int count) {
            await().atMost(PATIENCE).until(() -> events().size() >= count);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchServiceWatchRequest> stream) {
            if (!reading) {
                stream.disableAutoRequestWithInitial(0);
            }
            request.complete(stream);
        }

        @Override
        public void onNext(WatchServiceWatchResponse item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable failure) {
            ended.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            ended.complete(null);
        }
    }
}
