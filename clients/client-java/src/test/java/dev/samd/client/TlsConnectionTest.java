// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A daemon on TCP that wants certificates. */
@Timeout(60)
class TlsConnectionTest {
    private Server server;

    private static Path file(String name) {
        try {
            return Path.of(TlsConnectionTest.class.getResource("/tls/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        TlsServerCredentials.newBuilder()
                                .keyManager(
                                        file("server.pem").toFile(),
                                        file("server.key").toFile())
                                .trustManager(file("ca.pem").toFile())
                                .clientAuth(ClientAuth.REQUIRE)
                                .build())
                .addService(new FakeAdmin())
                .build()
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination(10, TimeUnit.SECONDS);
    }

    private TlsAddress at(String host, String certificate, String key, String ca) {
        return new TlsAddress(host, server.getPort(), file(certificate), file(key), file(ca));
    }

    @Test
    void aClientWithItsCertificateIsLetIn() {
        try (SamdClient client = SamdClient.connect(at("127.0.0.1", "client.pem", "client.key", "ca.pem"))) {
            assertThat(client.admin().info().instance()).isEqualTo("5f3c");
            assertThat(client.address()).isEqualTo("127.0.0.1:" + server.getPort());
        }
    }

    @Test
    void aDaemonThatTheAuthorityDidNotCertifyIsNotTalkedTo() {
        // The certificate of the client as the only authority: the daemon's does not lead there.
        try (SamdClient client = SamdClient.connect(at("127.0.0.1", "client.pem", "client.key", "client.pem"))) {
            assertThatThrownBy(() -> client.admin().info())
                    .isInstanceOf(SamdUnavailableException.class)
                    .hasMessageStartingWith("samd at 127.0.0.1:" + server.getPort() + " cannot be reached: ");
        }
    }
}
