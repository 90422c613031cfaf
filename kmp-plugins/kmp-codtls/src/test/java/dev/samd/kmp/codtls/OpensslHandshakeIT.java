// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.testkit.FakeKeyManagement;
import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The handshake with OpenSSL, both ways: a bridge carries its flights in CoAP POSTs, block by block, to the driver of this KMP or
 * from it. OpenSSL 3.0 has no connection IDs. So each handshake goes to the place where this side has verified the Finished of
 * OpenSSL, and is refused there for that alone.
 */
class OpensslHandshakeIT {
    private static final String PSK = "000102030405060708090a0b0c0d0e0f";
    private static final String NO_CID = "the peer uses no connection ID (RFC 9146)";
    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("dev.key"), PSK);
    }

    /** Certificates are valid today, so the clock is the real one. */
    private static Kmp kmp(Path files, Map<String, Object> section) {
        return new CodtlsProvider().create(new KmpSetup(section, files, new Random(1)));
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
    void clientVerifiesTheFinishedOfOpenssl(CipherSuite suite) throws IOException, InterruptedException {
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
            runClient(port, kmp(directory, CodtlsParties.pskClient("dev-1", "dev.key")), suite);
            await(server, "CIPHER is " + cipher(suite));
        } finally {
            server.destroy();
        }
    }

    @Test
    void clientWithACertificateVerifiesTheFinishedOfOpenssl() throws IOException, InterruptedException {
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
            runClient(port, kmp(Pki.DIRECTORY, Pki.client("device")), CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8);
            await(server, "subject=CN = device");
            await(server, "CIPHER is ECDHE-ECDSA-AES128-CCM8");
        } finally {
            server.destroy();
        }
    }

    /** OpenSSL says which cipher it is once it has verified the client's Finished; the client, that all but the CID was good. */
    private static void runClient(int port, Kmp kmp, CipherSuite suite) throws IOException, InterruptedException {
        try (ServerBridge bridge = new ServerBridge(port);
                CoapSide client = new CoapSide(kmp, bridge.address())) {
            client.acquire(CodtlsParties.need(suite));

            assertThat(client.outcome())
                    .isEqualTo("failed: the handshake with coap://server.example failed: " + NO_CID);
            assertThat(bridge.codes())
                    .as("hello, cookie, last flight; then an alert")
                    .startsWith(Answer.UNAUTHORIZED, Answer.CREATED, Answer.CHANGED);
            assertThat(client.daemon(FakeKeyManagement::pairs)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {"TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_GCM_SHA256"})
    void serverVerifiesTheFinishedOfOpenssl(CipherSuite suite) throws IOException, InterruptedException {
        runServer(
                kmp(directory, CodtlsParties.pskServer("dev-1")),
                List.of("-psk", PSK, "-psk_identity", "dev-1", "-cipher", cipher(suite)));
    }

    @Test
    void serverVerifiesTheFinishedOfOpensslWithACertificate() throws IOException, InterruptedException {
        runServer(
                kmp(Pki.DIRECTORY, Pki.server("server")),
                List.of(
                        "-cert",
                        Pki.DIRECTORY.resolve("device.pem").toString(),
                        "-key",
                        Pki.DIRECTORY.resolve("device.key").toString(),
                        "-cipher",
                        "ECDHE-ECDSA-AES128-CCM8"));
    }

    private void runServer(Kmp kmp, List<String> arguments) throws IOException, InterruptedException {
        try (CoapSide server = new CoapSide(kmp, NOBODY);
                ClientBridge bridge = new ClientBridge(server.address())) {
            List<String> command = new ArrayList<>(
                    List.of("openssl", "s_client", "-dtls1_2", "-connect", "127.0.0.1:" + bridge.udpPort()));
            command.addAll(arguments);
            Process client = openssl(command.toArray(String[]::new));
            try {
                List<Answer> answers = bridge.run();

                assertThat(answers)
                        .extracting(Answer::code)
                        .containsExactly(Answer.UNAUTHORIZED, Answer.CREATED, Answer.BAD_REQUEST);
                assertThat(Alerts.in(answers.get(2).payload())).contains("HANDSHAKE_FAILURE");
                assertThat(server.outcome()).isEqualTo("failed: the handshake failed: " + NO_CID);
                await(client, "SSL alert number 40");
                assertThat(server.daemon(FakeKeyManagement::pairs)).isEmpty();
            } finally {
                client.destroy();
            }
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
