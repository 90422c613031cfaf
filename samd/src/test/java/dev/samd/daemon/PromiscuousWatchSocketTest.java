// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.samd.v1.Direction;
import dev.samd.v1.Operation;
import dev.samd.v1.Refusal;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.WatchServiceWatchRequest;
import dev.samd.v1.WatchServiceWatchResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls of others, for those who watch them. */
class PromiscuousWatchSocketTest { // T19
    @TempDir
    Path directory;

    private final BlockingQueue<WatchServiceWatchResponse> seen = new LinkedBlockingQueue<>();
    private DaemonFixture f;

    @BeforeEach
    void start() throws Exception {
        f = new DaemonFixture(directory);
    }

    @AfterEach
    void stop() {
        f.close();
    }

    private void watch(boolean promiscuous) throws InterruptedException {
        f.watch()
                .watch(
                        WatchServiceWatchRequest.newBuilder()
                                .setPromiscuous(promiscuous)
                                .build(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(WatchServiceWatchResponse item) {
                                seen.add(item);
                            }

                            @Override
                            public void onError(Throwable failure) {
                                // The daemon of the test has stopped.
                            }

                            @Override
                            public void onCompleted() {
                                // The daemon of the test has stopped.
                            }
                        });
        assertThat(next().hasReady()).isTrue();
    }

    private WatchServiceWatchResponse next() throws InterruptedException {
        WatchServiceWatchResponse next = seen.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private Operation nextOperation() throws InterruptedException {
        WatchServiceWatchResponse next = next();
        while (!next.hasOperation()) {
            next = next();
        }
        return next.getOperation();
    }

    @Test
    void aCallIsShownWithItsCallerAndSubjectAndWithoutItsKey() throws Exception {
        watch(true);

        f.add(DaemonFixture.parameters(Direction.DIRECTION_OUTBOUND, "aa").build(), DaemonFixture.keys(0x5ca1ab1e), "");

        Operation operation = nextOperation();
        assertThat(operation.getCall()).isEqualTo("SadbService/Add");
        assertThat(operation.getSubject()).isEqualTo("outbound SPI aa, peer " + DaemonFixture.PEER);
        assertThat(operation.getPrincipal()).startsWith("uid:");
        assertThat(operation.hasRefusal()).isFalse();
        assertThat(operation.toString()).doesNotContain("5ca1ab1e").doesNotContain("\\312\\033\\253\\036");
    }

    @Test
    void aRefusedCallIsShownWithItsRefusal() throws Exception {
        watch(true);

        assertThat(catchThrowable(() -> f.sadb()
                        .get(SadbServiceGetRequest.newBuilder()
                                .setSa(SaSelector.newBuilder().setSaId(4711))
                                .build())))
                .isNotNull();

        Operation operation = nextOperation();
        assertThat(operation.getCall()).isEqualTo("SadbService/Get");
        assertThat(operation.getSubject()).isEqualTo("SA 4711");
        assertThat(operation.getRefusal().getReason()).isEqualTo(Refusal.Reason.NO_SUCH_SA);
    }

    @Test
    void aRegistrationIsShownMessageByMessage() throws Exception {
        watch(true);

        KmpClient.registered(f, "ace");

        Operation operation = nextOperation();
        assertThat(operation.getCall()).isEqualTo("KmpService/Register");
        assertThat(operation.getSubject()).isEqualTo("hello ace");
    }

    @Test
    void whoDoesNotAskForItSeesEventsOnly() throws Exception {
        watch(false);

        f.add(Direction.DIRECTION_OUTBOUND, "aa");
        f.add(Direction.DIRECTION_OUTBOUND, "bb");

        assertThat(next().hasEvent()).isTrue();
        assertThat(next().hasEvent()).isTrue();
        assertThat(seen).noneMatch(WatchServiceWatchResponse::hasOperation);
    }
}
