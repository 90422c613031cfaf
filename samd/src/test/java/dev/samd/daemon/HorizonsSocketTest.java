// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.DaemonFixture.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.samd.daemon.sadb.SadbBounds;
import dev.samd.sa.Direction;
import dev.samd.sa.SaError;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.RecordServiceSealResponse;
import dev.samd.v1.RecordServiceStreamRequest.Item;
import dev.samd.v1.Refusal;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that takes its time: calls wait for numbers, nobody else waits for them. */
class HorizonsSocketTest {
    private static final int BLOCK = 4;
    private static final int LONG_WAIT = 20_000;

    @TempDir
    Path directory;

    private final SlowStore store = new SlowStore();
    private DaemonFixture f;
    private long sa;

    @BeforeEach
    void start() throws Exception {
        SamdConfig plain = DaemonFixture.config(directory);
        SamdConfig config = new SamdConfig(
                plain.socket(),
                plain.stateDir(),
                1000,
                plain.stopPatience(),
                plain.optionNumbers(),
                new SadbBounds(100, 100, 100, BLOCK, 1 << 20));
        f = new DaemonFixture(Daemon.start(config, Clocks.SYSTEM, new SecureRandom(), store));
        sa = BothEnds.installRaw(f, "bb01", 50);
    }

    @AfterEach
    void stop() {
        f.close();
    }

    @Test
    void theNextBlockIsAskedForWhenHalfOfThePresentOneIsUsed() throws Exception {
        seal(0);
        seal(0);
        seal(0);

        SlowStore.Extension extension = store.extensions.poll(20, TimeUnit.SECONDS);

        assertThat(extension).isNotNull();
        assertThat(extension.direction()).isEqualTo(Direction.OUTBOUND);
        assertThat(extension.mark()).isEqualTo(2 * BLOCK);
    }

    @Test
    void aCallWithoutNumbersWaitsAndGoesOnWhenTheStoreHasAnswered() throws Exception {
        useUpTheBlock();
        Future<RecordServiceSealResponse> waiting =
                RecordServiceGrpc.newFutureStub(f.channel.channel()).seal(request(LONG_WAIT));
        SlowStore.Extension extension = store.extensions.poll(20, TimeUnit.SECONDS);
        long other = BothEnds.installRaw(f, "bb02", 60);
        assertThat(f.records()
                        .seal(request(0).toBuilder().setSa(byId(other)).build())
                        .getSequence())
                .isZero();
        assertThat(waiting).isNotDone();

        extension.grant();

        assertThat(waiting.get(20, TimeUnit.SECONDS).getSequence()).isEqualTo(BLOCK);
    }

    @Test
    void aCallThatWaitsTooLongIsTold() {
        useUpTheBlock();

        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> seal(30));

        assertThat(ErrorWire.fromStatus(failure).orElseThrow().error()).isEqualTo(SaError.TIMED_OUT);
    }

    @Test
    void anItemThatWaitsHoldsNobodyUp() throws Exception {
        useUpTheBlock();
        long other = BothEnds.installRaw(f, "bb02", 60);
        StreamClient client = StreamClient.reading(f.channel.channel());

        client.send(
                item(1, request(LONG_WAIT)),
                item(2, request(0).toBuilder().setSa(byId(other)).build()),
                item(3, request(30)));
        await().atMost(Duration.ofSeconds(20)).until(() -> client.items.get() == 2);
        store.extensions.poll(20, TimeUnit.SECONDS).grant();
        await().atMost(Duration.ofSeconds(20)).until(() -> client.items.get() == 3);

        assertThat(client.answers.get(2L).hasSeal()).isTrue();
        assertThat(client.answers.get(3L).getRefused().getReason()).isEqualTo(Refusal.Reason.TIMED_OUT);
        assertThat(client.answers.get(1L).getSeal().getSequence()).isEqualTo(BLOCK);
    }

    @Test
    void aMarkThatTheStoreDidNotRaiseIsNotUsed() throws Exception {
        useUpTheBlock();
        Future<RecordServiceSealResponse> waiting =
                RecordServiceGrpc.newFutureStub(f.channel.channel()).seal(request(LONG_WAIT));

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            SlowStore.Extension extension = store.extensions.poll();
            if (extension != null) {
                extension.done().completeExceptionally(new IllegalStateException("disk"));
            }
            return waiting.isDone();
        });

        Throwable failure = catchThrowable(() -> waiting.get(20, TimeUnit.SECONDS));
        assertThat(ErrorWire.fromStatus(failure.getCause()).orElseThrow().error())
                .isEqualTo(SaError.TIMED_OUT);
    }

    @Test
    void theEndOfAnSaEndsTheWaitForItsNumbers() throws Exception {
        useUpTheBlock();
        Future<RecordServiceSealResponse> waiting =
                RecordServiceGrpc.newFutureStub(f.channel.channel()).seal(request(LONG_WAIT));
        store.extensions.poll(20, TimeUnit.SECONDS);
        // The wait itself is what the loop does first: news go before requests.
        f.sadb().delete(SadbServiceDeleteRequest.newBuilder().setSa(byId(sa)).build());

        Throwable failure = catchThrowable(() -> waiting.get(20, TimeUnit.SECONDS));

        assertThat(ErrorWire.fromStatus(failure.getCause()).orElseThrow().error())
                .isEqualTo(SaError.NO_SUCH_SA);
    }

    @Test
    void aCallThatIsCancelledWhileItWaitsTakesNoNumber() throws Exception {
        useUpTheBlock();
        Future<RecordServiceSealResponse> waiting =
                RecordServiceGrpc.newFutureStub(f.channel.channel()).seal(request(LONG_WAIT));
        SlowStore.Extension extension = store.extensions.poll(20, TimeUnit.SECONDS);
        waiting.cancel(true);
        // A later call of the same connection is served after the cancellation.
        f.admin().info(AdminServiceInfoRequest.getDefaultInstance());

        extension.grant();

        assertThat(seal(0).getSequence()).isEqualTo(BLOCK);
    }

    @Test
    void nobodyIsToldOfAnSaBeforeItIsDurable() throws Exception {
        store.slowCommits = true;
        var adding = SadbServiceGrpc.newFutureStub(f.channel.channel())
                .add(SadbServiceAddRequest.newBuilder()
                        .setParameters(DaemonFixture.parameters(dev.samd.v1.Direction.DIRECTION_INBOUND, "cc01"))
                        .setKeys(DaemonFixture.keys(70))
                        .build());
        var commit = store.commits.poll(20, TimeUnit.SECONDS);
        var listing = SadbServiceGrpc.newFutureStub(f.channel.channel())
                .get(SadbServiceGetRequest.newBuilder().setSa(byId(sa)).build());
        assertThat(f.admin()
                        .info(AdminServiceInfoRequest.getDefaultInstance())
                        .getCursor()
                        .getRevision())
                .isEqualTo(2);
        assertThat(adding).isNotDone();
        assertThat(listing).isNotDone();

        commit.complete(3L);

        assertThat(adding.get(20, TimeUnit.SECONDS).getSaId()).isPositive();
        assertThat(listing.get(20, TimeUnit.SECONDS).getEntry().getSaId()).isEqualTo(sa);
    }

    @Test
    void aStoreThatFailsEndsTheGranting() throws Exception {
        store.slowCommits = true;
        var adding = SadbServiceGrpc.newFutureStub(f.channel.channel())
                .add(SadbServiceAddRequest.newBuilder()
                        .setParameters(DaemonFixture.parameters(dev.samd.v1.Direction.DIRECTION_INBOUND, "cc01"))
                        .setKeys(DaemonFixture.keys(70))
                        .build());
        store.commits.poll(20, TimeUnit.SECONDS).completeExceptionally(new IllegalStateException("disk"));

        Throwable failure = catchThrowable(() -> adding.get(20, TimeUnit.SECONDS));
        assertThat(ErrorWire.fromStatus(failure.getCause()).orElseThrow().error())
                .isEqualTo(SaError.SHUTTING_DOWN);
        StatusRuntimeException next = catchThrowableOfType(
                StatusRuntimeException.class, () -> f.add(dev.samd.v1.Direction.DIRECTION_INBOUND, "cc02"));
        assertThat(ErrorWire.fromStatus(next).orElseThrow().error()).isEqualTo(SaError.SHUTTING_DOWN);
    }

    private void useUpTheBlock() {
        for (int i = 0; i < BLOCK; i++) {
            seal(0);
        }
    }

    private RecordServiceSealResponse seal(int waitMillis) {
        return f.records().seal(request(waitMillis));
    }

    private RecordServiceSealRequest request(int waitMillis) {
        return RecordServiceSealRequest.newBuilder()
                .setSa(byId(sa))
                .setLocal(CLIENT)
                .setPlaintext(hex("01"))
                .setWaitMs(waitMillis)
                .build();
    }

    private static Item item(long id, RecordServiceSealRequest request) {
        return Item.newBuilder().setId(id).setSeal(request).build();
    }

    private static SaSelector byId(long id) {
        return SaSelector.newBuilder().setSaId(id).build();
    }
}
