// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand posts a second from one source, while a device behind a proxy wants its SAs. */
class FloodIT {
    /** It sends at least these. */
    private static final int POSTS = 50_000;

    private static final int A_MILLISECOND = 10;
    private static final int CREATED = 0x41;
    private static final byte[] OTHER_LOOPBACK = {127, 0, 0, 2};

    @TempDir
    private Path directory;

    private TokenScene scene;
    private Processes.Running serverKmpd;
    private Processes.Running serverDaemon;

    @BeforeEach
    void startEverything() throws IOException, InterruptedException {
        scene = new TokenScene(directory);
        scene.processes.proxy(scene.proxyPort);
        scene.issueToken("cwt");
        scene.deviceDaemon("");
        serverDaemon = scene.serverDaemon();
        scene.kmpd("device");
        serverKmpd = scene.kmpd("server");
    }

    @AfterEach
    void stopEverything() throws InterruptedException {
        scene.processes.stop();
    }

    /** One who posts what looks like tokens until it is stopped, and counts the codes of the answers. */
    private static final class Flood extends Thread {
        private final InetSocketAddress target;
        private final Random random = new Random(7);
        private final TreeMap<Integer, Integer> answers = new TreeMap<>();
        private volatile boolean stopping;
        private int sent;

        Flood(int port) {
            super("flood");
            this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public void run() {
            // Its own address, so that it is not the device's source.
            try (DatagramChannel channel =
                    DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getByAddress(OTHER_LOOPBACK), 0))) {
                channel.configureBlocking(false);
                long start = System.nanoTime();
                while (!stopping || sent < POSTS) {
                    long due = (System.nanoTime() - start) / 1_000_000 * A_MILLISECOND;
                    while (sent < due) {
                        channel.send(ByteBuffer.wrap(post(sent++)), target);
                    }
                    count(channel);
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private void count(DatagramChannel channel) throws IOException {
            ByteBuffer answer = ByteBuffer.allocate(2048);
            while (channel.receive(answer) != null) {
                answers.merge(answer.get(1) & 0xff, 1, Integer::sum);
                answer.clear();
            }
        }

        /** A non-confirmable POST to {@code /authz-info} with a token and nonces of random octets. */
        private byte[] post(int number) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(new byte[] {0x54, 2, (byte) (number >> 8), (byte) number});
            out.write(ByteBuffer.allocate(4).putInt(number).array());
            byte[] path = "authz-info".getBytes(StandardCharsets.US_ASCII);
            out.write(0xba);
            out.write(path);
            out.write(new byte[] {0x11, 19, (byte) 0xff});
            byte[] token = octets(171);
            out.write(new byte[] {(byte) 0xa2, 1, 0x58, (byte) token.length});
            out.write(token);
            out.write(new byte[] {0x18, 40, 0x48});
            out.write(octets(8));
            return out.toByteArray();
        }

        private byte[] octets(int length) {
            byte[] octets = new byte[length];
            random.nextBytes(octets);
            return octets;
        }
    }

    private void deviceIsServedDuring(Flood flood) throws IOException, InterruptedException {
        flood.start();

        Processes.Running client = scene.client("PUT " + scene.server + "/temp 22.5C");

        flood.stopping = true;
        flood.join();
        assertThat(client.output()).contains("answered 2.04 CHANGED");
        assertThat(flood.sent).isGreaterThanOrEqualTo(POSTS);
        assertThat(flood.answers).isNotEmpty().doesNotContainKey(CREATED);
        // The device's pair, and nothing besides: no SPI is reserved for anybody else.
        assertThat(scene.processes.samctl("server", "-o", "json", "sa", "count").text())
                .contains("\"count\":2", "\"MATURE\":2");
        assertThat(serverKmpd.process().isAlive()).isTrue();
        assertThat(serverDaemon.process().isAlive()).isTrue();
        // What a stranger can cause for each packet is not logged.
        assertThat(serverKmpd.output().lines()).hasSizeLessThan(50);
        assertThat(serverDaemon.output().lines()).hasSizeLessThan(50);
    }

    @Test
    void deviceIsServedWhileTheServersPortIsFlooded() throws IOException, InterruptedException {
        scene.serverProgram(serverKmpd);

        deviceIsServedDuring(new Flood(scene.serverPort));
    }

    @Test
    void deviceIsServedWhileThePortOfKmpdIsFlooded() throws IOException, InterruptedException {
        scene.serverProgram(serverKmpd);

        deviceIsServedDuring(new Flood(TokenScene.port(serverKmpd)));
    }
}
