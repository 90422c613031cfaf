// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.Direction;
import dev.samd.v1.RecordServiceStreamRequest.Item;
import dev.samd.v1.Refusal;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceGrpc;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: its places, its one line, its end. */
class SamdProcessTest {
    @TempDir
    Path directory;

    private Path socket;
    private Path state;

    @BeforeEach
    void choosePlaces() {
        socket = directory.resolve("run/samd.sock");
        state = directory.resolve("state");
    }

    private RunningProgram samd(Path atSocket, Path atState) throws IOException {
        return RunningProgram.start(
                directory, List.of(), Main.class, "--socket", atSocket.toString(), "--state-dir", atState.toString());
    }

    @Test
    void itSaysWhenItServesAndEndsWithZeroWhenAskedTo() throws Exception {
        try (RunningProgram samd = samd(socket, state)) {
            assertThat(samd.out.readLine())
                    .matches("samd ready socket=" + socket + " pid=" + samd.process.pid() + " instance=[0-9a-f]{16}");
            try (TestChannel channel = new TestChannel(socket)) {
                int pid = AdminServiceGrpc.newBlockingStub(channel.channel())
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .info(AdminServiceInfoRequest.getDefaultInstance())
                        .getPid();
                assertThat(pid).isEqualTo((int) samd.process.pid());
            }

            samd.terminate();

            assertThat(samd.exitCode()).isZero();
            assertThat(socket).doesNotExist();
            assertThat(samd.out.readLine()).isNull();
        }
    }

    @Test
    void aStreamUnderWayIsAnsweredAndCompletedWhenItIsAskedToEnd() throws Exception {
        try (RunningProgram samd = samd(socket, state)) {
            samd.out.readLine();
            try (TestChannel channel = new TestChannel(socket)) {
                SadbServiceGrpc.newBlockingStub(channel.channel())
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .add(SadbServiceAddRequest.newBuilder()
                                .setParameters(parameters(Direction.DIRECTION_OUTBOUND, "aa01"))
                                .setKeys(keys(1))
                                .build());
                StreamClient client = StreamClient.reading(channel.channel());
                for (int i = 0; i < 1000; i++) {
                    client.send(Item.newBuilder()
                            .setId(i)
                            .setProtect(BothEnds.protect(Messages.GET, "", DaemonFixture.PEER, ByteString.EMPTY))
                            .build());
                }
                await().atMost(Duration.ofSeconds(20)).until(() -> client.items.get() > 0);

                samd.terminate();

                client.ended.get(30, TimeUnit.SECONDS);
                // Whatever was answered was answered well: with its message, or with the reason that it came too late.
                assertThat(client.answers.values())
                        .allMatch(item ->
                                item.hasProtect() || item.getRefused().getReason() == Refusal.Reason.SHUTTING_DOWN);
            }
            assertThat(samd.exitCode()).isZero();
            assertThat(samd.errors()).doesNotContain("ERROR").doesNotContain("cut off");
        }
    }

    @Test
    void aSecondDaemonAtTheSamePlacesIsRefused() throws Exception {
        try (RunningProgram first = samd(socket, state)) {
            first.out.readLine();
            try (RunningProgram sameState = samd(directory.resolve("run/other.sock"), state);
                    RunningProgram sameSocket = samd(socket, directory.resolve("other"))) {
                assertThat(sameState.exitCode()).isEqualTo(1);
                assertThat(sameState.errors()).contains("state directory " + state + " is in use by another samd");
                assertThat(sameSocket.exitCode()).isEqualTo(1);
                assertThat(sameSocket.errors()).contains("socket " + socket + " is in use by another process");
            }
            assertThat(socket).exists();
        }
    }

    @Test
    void aSocketThatADeadDaemonLeftIsReplaced() throws Exception {
        try (RunningProgram killed = samd(socket, state)) {
            killed.out.readLine();
            killed.process.destroyForcibly();
            killed.exitCode();
        }
        assertThat(socket).exists();

        try (RunningProgram next = samd(socket, state)) {
            assertThat(next.out.readLine()).startsWith("samd ready");
        }
    }

    @Test
    void aFileInThePlaceOfTheSocketIsNotTouched() throws Exception {
        Files.createDirectories(socket.getParent());
        Files.writeString(socket, "mine");

        try (RunningProgram samd = samd(socket, state)) {
            assertThat(samd.exitCode()).isEqualTo(1);
            assertThat(samd.errors()).contains("exists and is no socket");
        }
        assertThat(Files.readString(socket)).isEqualTo("mine");
    }

    @Test
    void aSocketOfAnotherProgramIsNotTouched() throws Exception {
        Files.createDirectories(socket.getParent());
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));

            try (RunningProgram samd = samd(socket, state)) {
                assertThat(samd.exitCode()).isEqualTo(1);
                assertThat(samd.errors()).contains("is in use by another process");
            }
        }
    }

    @Test
    void badUsageIsTwo() throws Exception {
        try (RunningProgram samd = RunningProgram.start(directory, List.of(), Main.class, "--sokcet", "x")) {
            assertThat(samd.exitCode()).isEqualTo(2);
            assertThat(samd.errors()).contains("--sokcet");
        }
    }

    @Test
    void aPlaceThatIsMissingIsNamed() throws Exception {
        try (RunningProgram samd =
                RunningProgram.start(directory, List.of(), Main.class, "--socket", socket.toString())) {
            assertThat(samd.exitCode()).isEqualTo(1);
            assertThat(samd.errors()).contains("state_dir is missing");
        }
    }
}
