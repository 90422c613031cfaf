// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.samd.v1.Direction;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceGrpc.RecordServiceBlockingStub;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceStreamRequest.Item;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.WatchServiceGrpc;
import dev.samd.v1.WatchServiceWatchRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon with a heap of 128 MiB, as a process, of which one user asks more than it can do. It refuses what is too much and
 * says when to try again; a program of another user is served all the while; and its memory stays bounded.
 */
class OverloadProcessTest {
    private static final int OTHER = 4711;
    private static final int CONNECTIONS = 100;
    private static final int CALLS_EACH = 150;
    private static final int STALLED_STREAMS = 48;
    private static final int BATCHES = 10;
    private static final int ITEMS = 60;
    private static final int LARGE = 16_000;
    private static final int LARVAL = 1024;
    private static final int WINDOW = 1 << 20;
    private static final int NARROW = (1 << 16) - 1;
    private static final long HEAP_MIB = 128;

    /** Heap, as much again outside of it for buffers, and what a JVM needs for itself. */
    private static final long MOST_RESIDENT_MIB = 2 * HEAP_MIB + 192;

    @TempDir
    Path directory;

    private Path socket;
    private RunningProgram samd;
    private OtherUser program;
    private final List<TestChannel> channels = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        assumeThat(OtherUser.isPossible()).isTrue();
        socket = directory.resolve("run/samd.sock");
        Path config = Files.writeString(
                directory.resolve("samd.yaml"),
                """
                access:
                  rules:
                    - name: greedy
                      uid: 0
                      roles: [kmp, app, operator]
                      kmps: "*"
                      endpoints: "*"
                      quota: {calls_in_flight: 2000}
                    - name: program
                      uid: 4711
                      roles: app
                      endpoints: ["coap://client-1", "coap://server-1"]
                """);
        samd = RunningProgram.startUnder(
                directory,
                List.of("-Xmx" + HEAP_MIB + "m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
                Main.class,
                "--socket",
                socket.toString(),
                "--state-dir",
                directory.resolve("state").toString(),
                "--config",
                config.toString());
        assertThat(samd.out.readLine()).startsWith("samd ready");
        BothEnds.install(SadbServiceGrpc.newBlockingStub(connect()), "aa", 1);
        program = OtherUser.connect(directory, socket, OTHER, OTHER);
    }

    @AfterEach
    void stop() {
        channels.forEach(TestChannel::close);
        if (program != null) {
            program.close();
        }
        if (samd != null) {
            samd.close();
        }
    }

    private Channel connect() {
        return connect(WINDOW);
    }

    private Channel connect(int window) {
        TestChannel channel = new TestChannel(socket, window);
        channels.add(channel);
        return channel.channel();
    }

    private void requireService() {
        requireService(program.channel.channel());
    }

    private static void requireService(Channel through) {
        RecordServiceBlockingStub records =
                RecordServiceGrpc.newBlockingStub(through).withDeadlineAfter(60, TimeUnit.SECONDS);
        RecordServiceProtectResponse message = records.protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY));
        assertThat(records.unprotect(unprotect(message.getCoap(), SERVER, ByteString.EMPTY))
                        .hasOpened())
                .isTrue();
    }

    /** It lives, no thread of it ran out of memory, and it never took more than it may. */
    private void requireBounded() throws IOException {
        assertThat(samd.process.isAlive()).isTrue();
        assertThat(samd.errors()).doesNotContain("OutOfMemory", "OutOfDirectMemory");
        String peak = Files.readAllLines(Path.of("/proc/" + samd.process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow();
        assertThat(Long.parseLong(peak.replaceAll("\\D", "")) / 1024)
                .as("resident memory at most, in MiB")
                .isLessThan(MOST_RESIDENT_MIB);
    }

    private static SadbServiceAddRequest add(int number) {
        String spi = String.format("bb%06x", number);
        return SadbServiceAddRequest.newBuilder()
                .setParameters(parameters(Direction.DIRECTION_INBOUND, spi))
                .setKeys(keys(1000 + number))
                .build();
    }

    /** A confirmable POST with that much payload. */
    private static ByteString message(int octets) {
        return Messages.hex("41021234" + "77" + "b161" + "ff").concat(ByteString.copyFrom(new byte[octets]));
    }

    @Test
    void callsBeyondWhatIsServedAreRefusedAndTheOthersAnswered() throws Exception {
        Flood protects = new Flood();
        Flood adds = new Flood();
        RecordServiceProtectRequest request = protect(message(1000), CLIENT, SERVER, ByteString.EMPTY);
        List<Channel> greedy = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            greedy.add(connect());
        }

        for (int i = 0; i < CONNECTIONS * CALLS_EACH; i++) {
            Channel channel = greedy.get(i % CONNECTIONS);
            adds.call(channel, SadbServiceGrpc.getAddMethod(), add(i));
            protects.call(channel, RecordServiceGrpc.getProtectMethod(), request);
        }
        do {
            requireService();
        } while (!adds.isOver() || !protects.isOver());

        adds.requireShed();
        assertThat(protects.answered()).isPositive();
        requireService(greedy.get(0));
        requireBounded();
    }

    @Test
    void thoseWhoDoNotReadTheirStreamsAreServedNoMoreThanThey() throws Exception {
        List<StreamClient> stalled = new ArrayList<>();
        RecordServiceProtectRequest large = protect(message(LARGE), CLIENT, SERVER, ByteString.EMPTY);
        for (int i = 0; i < STALLED_STREAMS; i++) {
            StreamClient stream = StreamClient.idle(connect());
            stalled.add(stream);
            for (int batch = 0; batch < BATCHES; batch++) {
                Item[] items = new Item[ITEMS];
                for (int item = 0; item < ITEMS; item++) {
                    items[item] = Item.newBuilder()
                            .setId((long) batch * ITEMS + item)
                            .setProtect(large)
                            .build();
                }
                stream.send(items);
            }
            requireService();
        }
        requireBounded();

        // Who reads after all gets an answer to everything: the record, or that it was too much.
        StreamClient reader = stalled.get(0);
        reader.requests().request(Integer.MAX_VALUE);
        await().until(() -> reader.answers.size() == BATCHES * ITEMS);
        assertThat(reader.answers.values()).allMatch(answer -> answer.hasProtect() || answer.hasRefused());
        stalled.forEach(stream -> stream.requests().cancel("gone", null));
        await().untilAsserted(() -> requireService(connect()));
        requireService();
        requireBounded();
    }

    @Test
    void singleAnswersThatNobodyReadsAreBounded() throws Exception {
        RecordServiceProtectRequest large = protect(message(LARGE), CLIENT, SERVER, ByteString.EMPTY);
        List<ClientCall<?, ?>> unread = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Channel channel = connect(NARROW);
            for (int call = 0; call < 60; call++) {
                unread.add(unread(channel, RecordServiceGrpc.getProtectMethod(), large));
            }
            requireService();
        }
        requireBounded();

        unread.forEach(call -> call.cancel("gone", null));
        await().untilAsserted(() -> requireService(connect()));
        requireService();
        requireBounded();
    }

    @Test
    void eventsAndListingsThatNobodyReadsAreBounded() throws Exception {
        Channel greedy = connect();
        Flood adds = new Flood();
        for (int i = 0; i < 2000; i++) {
            adds.call(greedy, SadbServiceGrpc.getAddMethod(), add(i));
        }
        await().atMost(60, TimeUnit.SECONDS).until(adds::isOver);
        List<ClientCall<?, ?>> unread = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            unread.add(unread(
                    connect(), WatchServiceGrpc.getWatchMethod(), WatchServiceWatchRequest.getDefaultInstance()));
        }
        for (int i = 0; i < 10; i++) {
            Channel channel = connect();
            for (int call = 0; call < 40; call++) {
                unread.add(
                        unread(channel, SadbServiceGrpc.getDumpMethod(), SadbServiceDumpRequest.getDefaultInstance()));
            }
        }
        Flood more = new Flood();
        for (int i = 2000; i < 5000; i++) {
            more.call(greedy, SadbServiceGrpc.getAddMethod(), add(i));
        }
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            requireService();
            return more.isOver();
        });
        requireBounded();

        unread.forEach(call -> call.cancel("gone", null));
        await().untilAsserted(() -> requireService(greedy));
        requireService();
        requireBounded();
    }

    @Test
    void spisAreReservedUpToTheQuotaAndNoFurther() throws Exception {
        Channel greedy = connect();
        Flood reservations = new Flood();
        SadbServiceGetSpiRequest request = SadbServiceGetSpiRequest.newBuilder()
                .setPeer(DaemonFixture.PEER)
                .build();

        for (int i = 0; i < 2 * LARVAL; i++) {
            reservations.call(greedy, SadbServiceGrpc.getGetSpiMethod(), request);
        }
        await().until(reservations::isOver);

        assertThat(reservations.answered()).isEqualTo(LARVAL);
        reservations.requireShed();
        requireService();
        requireService(greedy);
        requireBounded();
    }

    /** A call whose answers nobody takes. */
    private <Q, R> ClientCall<Q, R> unread(Channel channel, MethodDescriptor<Q, R> method, Q request) {
        ClientCall<Q, R> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(request);
        call.halfClose();
        return call;
    }
}
