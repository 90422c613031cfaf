// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.samd.kmp.KmpSetup;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The handshake with OpenSSL, both ways. A bridge in the test takes its datagrams for payloads. OpenSSL 3.0 has no connection IDs, so
 * each handshake goes to its very end, where both sides have verified the Finished of the other, and is refused for that alone.
 */
class OpensslHandshakeIT {
    private static final String PSK = "000102030405060708090a0b0c0d0e0f";
    private static final String NO_CID = "the peer uses no connection ID (RFC 9146)";
    private static final Spi OWN = Spi.ofHex("1645");

    @TempDir
    private Path directory;

    private static Credentials sharedKey(String own) {
        return new Credentials(
                Optional.of(new Psk(
                        own, Map.of("dev-1", KeyMaterial.adopt(HexFormat.of().parseHex(PSK))), new Random(1))),
                Optional.empty(),
                Optional.empty());
    }

    private static String cipher(CipherSuite suite) {
        return switch (suite) {
            case TLS_PSK_WITH_AES_128_CCM_8 -> "PSK-AES128-CCM8";
            case TLS_PSK_WITH_AES_128_CCM -> "PSK-AES128-CCM";
            case TLS_PSK_WITH_AES_256_CCM -> "PSK-AES256-CCM";
            case TLS_PSK_WITH_AES_128_GCM_SHA256 -> "PSK-AES128-GCM-SHA256";
            case TLS_PSK_WITH_AES_256_GCM_SHA384 -> "PSK-AES256-GCM-SHA384";
            default -> throw new IllegalArgumentException(suite.name());
        };
    }

    private Process openssl(String... command) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is needed");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("openssl.out").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("openssl.out"));
    }

    private void await(Process process, String text) throws IOException, InterruptedException {
        for (int i = 0; i < 400 && !output().contains(text); i++) {
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        assertThat(output()).contains(text);
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {
                "TLS_PSK_WITH_AES_128_CCM_8",
                "TLS_PSK_WITH_AES_128_CCM",
                "TLS_PSK_WITH_AES_256_CCM",
                "TLS_PSK_WITH_AES_128_GCM_SHA256",
                "TLS_PSK_WITH_AES_256_GCM_SHA384"
            })
    void clientComesToTheEndWithOpenssl(CipherSuite suite) throws IOException, InterruptedException {
        int port = freePort();
        Process server = openssl(
                "openssl",
                "s_server",
                "-dtls1_2",
                "-accept",
                "127.0.0.1:" + port,
                "-nocert",
                "-psk",
                PSK,
                "-psk_identity",
                "dev-1",
                "-cipher",
                cipher(suite));
        try {
            await(server, "ACCEPT");
            runClient(port, sharedKey("dev-1").config(false, List.of(suite), OWN, ""));
            await(server, "CIPHER is " + cipher(suite));
        } finally {
            server.destroy();
        }
    }

    @Test
    void clientComesToTheEndWithOpensslAndCertificates() throws IOException, InterruptedException {
        int port = freePort();
        Process server = openssl(
                "openssl",
                "s_server",
                "-dtls1_2",
                "-accept",
                "127.0.0.1:" + port,
                "-cert",
                Pki.DIRECTORY.resolve("server.pem").toString(),
                "-key",
                Pki.DIRECTORY.resolve("server.key").toString(),
                "-CAfile",
                Pki.DIRECTORY.resolve("ca.pem").toString(),
                "-Verify",
                "1",
                "-cipher",
                "ECDHE-ECDSA-AES128-CCM8");
        try {
            await(server, "ACCEPT");
            CodtlsSettings.Peer peer = peer();
            runClient(
                    port,
                    peer.credentials()
                            .config(
                                    false,
                                    List.of(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8),
                                    OWN,
                                    "server.example"));
            await(server, "subject=CN = device");
        } finally {
            server.destroy();
        }
    }

    private static CodtlsSettings.Peer peer() {
        return CodtlsProvider.settings(
                        new KmpSetup(Pki.client("device"), Pki.DIRECTORY, new Random(1)), Clock.systemUTC())
                .peers()
                .get(0);
    }

    private static void runClient(int port, DtlsConnectorConfig config) throws IOException {
        try (DatagramSocket bridge = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DtlsEngine engine = DtlsEngine.client(config)) {
            bridge.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Octets flight = engine.begin();
            for (int i = 0; i < 4 && engine.fault().isEmpty(); i++) {
                send(bridge, flight);
                flight = Octets.EMPTY;
                while (flight.isEmpty() && engine.fault().isEmpty()) {
                    flight = engine.take(receive(bridge));
                }
            }
            assertThat(engine.fault().orElseThrow().reason()).isEqualTo(NO_CID);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {"TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_GCM_SHA256"})
    void serverComesToTheEndWithOpenssl(CipherSuite suite) throws IOException, InterruptedException {
        try (DatagramSocket bridge = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Process client = openssl(
                    "openssl",
                    "s_client",
                    "-dtls1_2",
                    "-connect",
                    "127.0.0.1:" + bridge.getLocalPort(),
                    "-psk",
                    PSK,
                    "-psk_identity",
                    "dev-1",
                    "-cipher",
                    cipher(suite));
            try {
                Cookies cookies = new Cookies(new Random(2));
                Hello hello = hello(bridge);
                send(bridge, hello.verifyRequest(cookies.of(CodtlsParties.NOW, "bridge:1", hello.message())));
                Hello shown = hello(bridge);
                assertThat(cookies.accepts(CodtlsParties.NOW, "bridge:2", shown.message()))
                        .isTrue();
                try (DtlsEngine engine =
                        DtlsEngine.server(sharedKey("").config(true, List.of(suite), OWN, ""), shown)) {
                    send(bridge, engine.begin(shown));
                    while (engine.fault().isEmpty()) {
                        send(bridge, engine.take(receive(bridge)));
                    }
                    assertThat(engine.fault().orElseThrow().reason()).isEqualTo(NO_CID);
                }
            } finally {
                client.destroy();
            }
        }
    }

    private static Hello hello(DatagramSocket bridge) throws IOException {
        return Hello.read(receive(bridge)).orElseThrow();
    }

    private static void send(DatagramSocket bridge, Octets payload) throws IOException {
        if (!payload.isEmpty()) {
            bridge.send(new DatagramPacket(payload.toArray(), payload.length()));
        }
    }

    private static Octets receive(DatagramSocket bridge) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        bridge.setSoTimeout(10_000);
        try {
            bridge.receive(packet);
        } catch (SocketTimeoutException e) {
            throw new IOException("OpenSSL is silent", e);
        }
        if (!bridge.isConnected()) {
            bridge.connect(packet.getSocketAddress());
        }
        return Octets.of(packet.getData(), 0, packet.getLength());
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
