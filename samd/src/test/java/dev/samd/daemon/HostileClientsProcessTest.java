// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceGrpc.RecordServiceBlockingStub;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.SadbServiceGrpc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with a small heap, as a process, whose clients are idle, slow, or dead. */
class HostileClientsProcessTest {
    private static final int IDLE = 10_000;
    private static final int HALF = 200;
    private static final int ANNOUNCED = 1 << 20;

    @TempDir
    Path directory;

    private Path socket;
    private RunningProgram samd;
    private TestChannel client;

    @BeforeEach
    void start() throws Exception {
        socket = directory.resolve("run/samd.sock");
        samd = RunningProgram.start(
                directory,
                List.of(),
                Main.class,
                "--socket",
                socket.toString(),
                "--state-dir",
                directory.resolve("state").toString());
        assertThat(samd.out.readLine()).startsWith("samd ready");
        client = new TestChannel(socket);
        BothEnds.install(SadbServiceGrpc.newBlockingStub(client.channel()), "aa", 1);
    }

    @AfterEach
    void stop() {
        client.close();
        samd.close();
    }

    private void requireService() {
        requireService(client);
    }

    private static void requireService(TestChannel through) {
        RecordServiceBlockingStub records =
                RecordServiceGrpc.newBlockingStub(through.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
        RecordServiceProtectResponse message = records.protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY));
        assertThat(records.unprotect(unprotect(message.getCoap(), SERVER, ByteString.EMPTY))
                        .hasOpened())
                .isTrue();
    }

    @Test
    void tenThousandConnectionsThatDoNothingKeepNobodyOut() throws Exception {
        List<RawConnection> idle = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE; i++) {
                idle.add(RawConnection.open(socket));
            }

            requireService();
            try (TestChannel another = new TestChannel(socket)) {
                requireService(another);
            }
        } finally {
            for (RawConnection connection : idle) {
                connection.close();
            }
        }
        requireService();
    }

    @Test
    void messagesOfWhichTheEndNeverComesKeepNobodyOut() throws Exception {
        List<RawConnection> half = new ArrayList<>();
        try {
            for (int i = 0; i < HALF; i++) {
                RawConnection connection = RawConnection.open(socket);
                half.add(connection);
                // A quarter of the heap is announced in all, and next to nothing of it sent.
                connection.halfCall("samd.v1.RecordService/Protect", ANNOUNCED, new byte[100]);
                connection.halfFrame();
            }

            requireService();
        } finally {
            for (RawConnection connection : half) {
                connection.close();
            }
        }
        requireService();
    }

    @Test
    void aClientThatIsKilledInTheMiddleOfAStreamLeavesNothingBehind() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (RunningProgram streaming =
                    RunningProgram.start(directory, List.of(), StreamingProgram.class, socket.toString())) {
                assertThat(streaming.out.readLine()).isEqualTo("streaming");
                streaming.process.destroyForcibly();
                streaming.exitCode();
            }
            requireService();
        }
    }
}
