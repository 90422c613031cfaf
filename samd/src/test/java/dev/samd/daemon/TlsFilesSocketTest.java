// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.samd.daemon.observe.WrittenLog;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files of a TLS listener change under a daemon that serves: a real one, with real certificates. */
@Timeout(120)
class TlsFilesSocketTest {
    private static final String ALICE = "spiffe://samd.test/alice";
    private static final String BOB = "spiffe://samd.test/bob";

    @TempDir
    Path directory;

    private TestAuthority authority;
    private TestAuthority.Issued server;
    private TestAuthority.Issued alice;
    private TestAuthority.Issued bob;
    private SamdConfig config;
    private DaemonFixture f;

    @BeforeEach
    void issue() throws IOException {
        authority = new TestAuthority(directory, "samd-test");
        server = authority.issue("server", TestAuthority.loopback());
        alice = authority.issue("alice", TestAuthority.uri(ALICE));
        bob = authority.issue("bob", TestAuthority.uri(BOB));
    }

    @AfterEach
    void stop() {
        if (f != null) {
            f.close();
        }
    }

    private void start(String more) throws Exception {
        config = DaemonFixture.config(
                directory,
                "listen: {tcp: \"127.0.0.1:0\", certificate: %s, key: %s, client_ca: %s%s}"
                        .formatted(server.certificate(), server.key(), authority.certificate, more));
        f = new DaemonFixture(config);
    }

    private TlsChannel connect(TestAuthority.Issued own) throws IOException {
        return new TlsChannel(f.daemon.tlsPort(), authority.certificate, own);
    }

    private static String whoAmI(TlsChannel client) {
        return AdminServiceGrpc.newBlockingStub(client.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance())
                .getPrincipal();
    }

    private String whoAmI(TestAuthority.Issued own) throws IOException {
        try (TlsChannel client = connect(own)) {
            return whoAmI(client);
        }
    }

    private void assertRefused(TestAuthority.Issued own) throws IOException {
        try (TlsChannel client = connect(own)) {
            StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, () -> whoAmI(client));
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    private long failedAuthentications() {
        return f.admin()
                .info(AdminServiceInfoRequest.getDefaultInstance())
                .getAccess()
                .getFailedAuthentications();
    }

    private List<JsonObject> certificateLines() throws IOException {
        return new WrittenLog(config.audit()).lines("certificates");
    }

    private void awaitCertificateLines(int count) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(certificateLines()).hasSize(count));
    }

    private String outcome(int line) throws IOException {
        return certificateLines().get(line).get("outcome").getAsString();
    }

    /** In one step, as whoever renews certificates does. */
    private static void replace(Path file, Path by) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.copy(by, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The certificate that the daemon shows whoever connects. */
    private Certificate shown() throws Exception {
        SSLContext anybody = SSLContext.getInstance("TLSv1.3");
        anybody.init(null, new TrustManager[] {new Credulous()}, new SecureRandom());
        try (SSLSocket socket = (SSLSocket)
                anybody.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), f.daemon.tlsPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void aNewCertificateIsShownToNewConnectionsAndOldOnesStay() throws Exception {
        start("");
        try (TlsChannel open = connect(alice)) {
            assertThat(whoAmI(open)).isEqualTo(ALICE);
            assertThat(shown()).isEqualTo(server.x509());
            TestAuthority.Issued renewed = authority.issue("renewed", TestAuthority.loopback());

            replace(server.certificate(), renewed.certificate());
            replace(server.key(), renewed.key());

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(shown()).isEqualTo(renewed.x509()));
            assertThat(whoAmI(bob)).isEqualTo(BOB);
            assertThat(open.channel().getState(false)).isEqualTo(ConnectivityState.READY);
            assertThat(whoAmI(open)).isEqualTo(ALICE);
        }
        await().untilAsserted(() -> assertThat(certificateLines()).isNotEmpty());
        JsonObject last = certificateLines().get(certificateLines().size() - 1);
        assertThat(last.get("outcome").getAsString()).isEqualTo("done");
        assertThat(last.get("certificate").getAsString()).hasSize(64);
    }

    @Test
    void filesThatMakeNoServerLeaveItAsItWas() throws Exception {
        start("");
        Certificate before = server.x509();

        Files.writeString(server.certificate(), "no certificate");
        awaitCertificateLines(1);
        assertThat(outcome(0)).isEqualTo("refused");
        assertThat(certificateLines().get(0).get("reason").getAsString())
                .contains(server.certificate() + " is no certificate");

        // The certificate of another key: each handshake would fail.
        replace(server.certificate(), bob.certificate());
        awaitCertificateLines(2);
        assertThat(outcome(1)).isEqualTo("refused");
        assertThat(certificateLines().get(1).get("reason").getAsString())
                .contains("the key is not that of the certificate");

        Files.delete(server.key());
        awaitCertificateLines(3);
        assertThat(outcome(2)).isEqualTo("refused");

        assertThat(shown()).isEqualTo(before);
        assertThat(whoAmI(alice)).isEqualTo(ALICE);
        TestAuthority.Issued renewed = authority.issue("renewed", TestAuthority.loopback());
        replace(server.certificate(), renewed.certificate());
        replace(server.key(), renewed.key());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(shown()).isEqualTo(renewed.x509()));
    }

    @Test
    void whoeverIsPutOnTheRevocationListIsCutOffAndDoesNotComeBack() throws Exception {
        Path list = authority.revoke("clients.crl");
        start(", client_crl: " + list);
        try (TlsChannel ofAlice = connect(alice);
                TlsChannel ofBob = connect(bob)) {
            assertThat(whoAmI(ofAlice)).isEqualTo(ALICE);
            assertThat(whoAmI(ofBob)).isEqualTo(BOB);

            replace(list, authority.revoke("next.crl", alice));

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(ofAlice.channel().getState(false)).isNotEqualTo(ConnectivityState.READY));
            assertRefused(alice);
            assertThat(ofBob.channel().getState(false)).isEqualTo(ConnectivityState.READY);
            assertThat(whoAmI(ofBob)).isEqualTo(BOB);
            assertThat(whoAmI(bob)).isEqualTo(BOB);
        }
        await().untilAsserted(() -> assertThat(failedAuthentications()).isGreaterThanOrEqualTo(2));
        await().untilAsserted(() -> assertThat(new WrittenLog(config.audit()).lines("authentication_failed"))
                .anySatisfy(
                        line -> assertThat(line.get("reason").getAsString()).contains("Certificate has been revoked")));
    }

    @Test
    void withoutAListThatIsGoodTodayNobodyPasses() throws Exception {
        Instant now = Instant.now();
        Path list = authority.revoke("clients.crl", now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));
        start(", client_crl: " + list);
        assertRefused(alice);

        // Somebody else's list says nothing of our clients.
        replace(list, new TestAuthority(directory, "stranger").revoke("stranger.crl"));
        awaitCertificateLines(1);
        assertRefused(alice);

        replace(list, authority.revoke("next.crl"));
        awaitCertificateLines(2);
        assertThat(whoAmI(alice)).isEqualTo(ALICE);
        assertThat(failedAuthentications()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void whoeverTheAuthoritiesDoNotCertifyAnyMoreIsCutOff() throws Exception {
        Path authorities = Files.copy(authority.certificate, directory.resolve("authorities.pem"));
        config = DaemonFixture.config(
                directory,
                "listen: {tcp: \"127.0.0.1:0\", certificate: %s, key: %s, client_ca: %s}"
                        .formatted(server.certificate(), server.key(), authorities));
        f = new DaemonFixture(config);
        try (TlsChannel open = connect(alice)) {
            assertThat(whoAmI(open)).isEqualTo(ALICE);

            replace(authorities, new TestAuthority(directory, "successor").certificate);

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(open.channel().getState(false)).isNotEqualTo(ConnectivityState.READY));
            assertRefused(bob);
        }
    }

    @Test
    void aRevocationListThatIsNoneStopsTheStart() throws Exception {
        Path list = Files.writeString(directory.resolve("clients.crl"), "no list");

        assertThatThrownBy(() -> start(", client_crl: " + list))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(list + " is no revocation list");
    }

    /** Takes whatever it is shown, since it only looks. */
    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
