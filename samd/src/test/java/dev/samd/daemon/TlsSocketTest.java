// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.samd.sa.SaError;
import dev.samd.v1.AccessCounts;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TCP with TLS: who has a certificate that counts is let in under its name, and nobody else is. */
class TlsSocketTest {
    private static final String SPIFFE = "spiffe://samd.test/app/sensor";

    @TempDir
    Path directory;

    private TestAuthority authority;
    private TestAuthority stranger;
    private DaemonFixture f;

    @BeforeEach
    void start() throws Exception {
        authority = new TestAuthority(directory, "samd-test");
        stranger = new TestAuthority(directory, "stranger");
        f = new DaemonFixture(config(authority.issue("server", TestAuthority.loopback())));
    }

    @AfterEach
    void stop() {
        f.close();
    }

    private SamdConfig config(TestAuthority.Issued server) {
        return DaemonFixture.config(
                directory,
                """
                listen: {tcp: "127.0.0.1:0", certificate: %s, key: %s, client_ca: %s}
                """
                        .formatted(server.certificate(), server.key(), authority.certificate));
    }

    private AdminServiceWhoAmIResponse whoAmI(TestAuthority.@Nullable Issued own) throws IOException {
        try (TlsChannel client = new TlsChannel(f.daemon.tlsPort(), authority.certificate, own)) {
            return AdminServiceGrpc.newBlockingStub(client.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance());
        }
    }

    private AccessCounts counts() {
        return f.admin().info(AdminServiceInfoRequest.getDefaultInstance()).getAccess();
    }

    @Test
    void theSpiffeIdOfTheCertificateIsThePrincipal() throws Exception {
        AdminServiceWhoAmIResponse me =
                whoAmI(authority.issue("app", TestAuthority.dns("sensor.test"), TestAuthority.uri(SPIFFE)));

        assertThat(me.getPrincipal()).isEqualTo(SPIFFE);
        assertThat(me.getTransport()).isEqualTo("tls");
        assertThat(Integer.toUnsignedLong(me.getUid())).isEqualTo(4_294_967_295L);
        assertThat(me.getRolesList()).as("nothing is configured for it").isEmpty();
    }

    @Test
    void aCertificateWithoutSpiffeIdGoesByItsDnsName() throws Exception {
        assertThat(whoAmI(authority.issue("host", TestAuthority.dns("sensor.test"), TestAuthority.uri("urn:x:y")))
                        .getPrincipal())
                .isEqualTo("dns:sensor.test");
    }

    @Test
    void aCertificateThatNamesNobodyOrTwoIsNobodys() throws Exception {
        assertThat(whoAmI(authority.issue("plain")).getPrincipal()).isEmpty();
        assertThat(whoAmI(authority.issue("two", TestAuthority.uri(SPIFFE), TestAuthority.uri(SPIFFE + "2")))
                        .getPrincipal())
                .isEmpty();
        assertThat(counts().getFailedAuthentications()).isEqualTo(2);
    }

    @Test
    void withoutACertificateThatCountsNobodyIsLetInAndEachIsCounted() throws Exception {
        Instant now = Instant.now();
        TestAuthority.Issued expired = authority.issue(
                "expired", now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)), TestAuthority.uri(SPIFFE));
        TestAuthority.Issued early = authority.issue(
                "early", now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)), TestAuthority.uri(SPIFFE));
        TestAuthority.Issued foreign = stranger.issue("foreign", TestAuthority.uri(SPIFFE));
        TestAuthority.Issued good = authority.issue("good", TestAuthority.uri(SPIFFE));
        TestAuthority.Issued forged = new TestAuthority.Issued(flipped(good.certificate()), good.key());

        int refused = 0;
        for (TestAuthority.Issued bad : new TestAuthority.Issued[] {null, expired, early, foreign, forged}) {
            StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, () -> whoAmI(bad));
            refused++;

            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            int expected = refused;
            await().untilAsserted(() ->
                    assertThat(counts().getFailedAuthentications()).isGreaterThanOrEqualTo(expected));
        }
        assertThat(whoAmI(good).getPrincipal()).isEqualTo(SPIFFE);
    }

    /** The certificate with one bit of its signature changed. */
    private Path flipped(Path certificate) throws IOException {
        String pem = Files.readString(certificate);
        int at = pem.indexOf("\n-----END") - 6;
        char other = pem.charAt(at) == 'A' ? 'B' : 'A';
        return Files.writeString(directory.resolve("forged.pem"), pem.substring(0, at) + other + pem.substring(at + 1));
    }

    @Test
    void whatIsNoTlsIsClosedAndCounted() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), f.daemon.tlsPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            await().untilAsserted(() ->
                    assertThat(counts().getFailedAuthentications()).isPositive());
        }
    }

    @Test
    void whoeverHasNoRoleHearsThat() throws Exception {
        TestAuthority.Issued own = authority.issue("app", TestAuthority.uri(SPIFFE));
        try (TlsChannel client = new TlsChannel(f.daemon.tlsPort(), authority.certificate, own)) {
            StatusRuntimeException e = catchThrowableOfType(
                    StatusRuntimeException.class, () -> AdminServiceGrpc.newBlockingStub(client.channel())
                            .info(AdminServiceInfoRequest.getDefaultInstance()));

            assertThat(ErrorWire.fromStatus(e).orElseThrow().error()).isEqualTo(SaError.NOT_PERMITTED);
            assertThat(e).hasMessageContaining(SPIFFE + " needs the role");
        }
        assertThat(counts().getDenied()).isEqualTo(1);
    }

    @Test
    void aCertificateThatCannotBeUsedStopsTheStart() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Path broken = Files.writeString(directory.resolve("broken.pem"), "no certificate");
        SamdConfig config = DaemonFixture.config(
                other,
                "listen: {tcp: \"127.0.0.1:0\", certificate: %s, key: %s, client_ca: %s}"
                        .formatted(broken, broken, authority.certificate));

        assertThatThrownBy(() -> Daemon.start(config))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(broken.toString());
    }
}
