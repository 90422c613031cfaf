// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load programs against the echo, on a real socket. */
class GrpcLoadTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private EchoServer server;
    private GrpcClient client;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        Path socket = directory.resolve("echo.sock");
        server = new EchoServer(socket);
        client = new GrpcClient(socket);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void unaryCallsAreAnswered() {
        UnaryLoad load = new UnaryLoad(client.channel(), GrpcTarget.echo());

        assertThat(load.medianMicroseconds(SHORT).figure()).isPositive();
        assertThat(load.perSecond(64, SHORT).calls()).isGreaterThanOrEqualTo(64);
    }

    @Test
    void everyItemOfTheStreamIsAnswered() {
        Loaded loaded = new StreamLoad(client.channel(), GrpcTarget.echo()).perSecond(4, SHORT);

        assertThat(loaded.calls()).isGreaterThanOrEqualTo(4 * GrpcTarget.BATCH);
        assertThat(loaded.calls() % GrpcTarget.BATCH).isZero();
    }

    @Test
    void aMessageOfTheStreamHasAsManyItemsAsItSays() {
        assertThat(GrpcTarget.daemon().batches())
                .hasSize(GrpcTarget.SAS)
                .allSatisfy(batch -> assertThat(GrpcTarget.items(batch)).isEqualTo(GrpcTarget.BATCH));
    }

    @Test
    void aServerThatDoesNotKnowTheMethodIsNotMeasured() {
        assertThatThrownBy(() -> new UnaryLoad(client.channel(), GrpcTarget.daemon()).perSecond(2, SHORT))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StatusRuntimeException.class);
        assertThatThrownBy(() -> new StreamLoad(client.channel(), GrpcTarget.daemon()).perSecond(2, SHORT))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void anAnswerThatIsNotOneIsNotMeasured() {
        GrpcTarget daemon = GrpcTarget.daemon();

        assertThatThrownBy(() -> daemon.checkUnary().accept(new byte[0])).hasMessage("an answer without a message");
        assertThatThrownBy(() -> daemon.checkStream().accept(new byte[] {0x0a, 0x02, 0x08, 0x07}))
                .hasMessageStartingWith("item 7 is refused");
    }
}
