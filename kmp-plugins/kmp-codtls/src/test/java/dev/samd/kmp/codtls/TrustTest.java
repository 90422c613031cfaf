// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which certificates are believed, as the handshake asks. */
class TrustTest {
    private static List<X509Certificate> read(String name) throws IOException {
        return Pem.certificates(Files.readString(Pki.DIRECTORY.resolve(name)));
    }

    private static Trust trust(String lists) throws IOException {
        return new Trust(
                Set.copyOf(read("ca.pem")),
                lists.isEmpty()
                        ? List.of()
                        : List.copyOf(Pem.revocationLists(Files.readString(Pki.DIRECTORY.resolve(lists)))),
                Set.of(),
                Clock.fixed(CodtlsParties.NOW, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @CsvSource({
        "server, ca.crl, server.example, false, ",
        "server, ca.crl, SERVER.example, false, ",
        "server, ca.crl, '', false, ",
        "device, ca.crl, '', true, ",
        "revoked, '', server.example, false, ",
        "revoked, ca.crl, server.example, false, CERTIFICATE_REVOKED",
        "stranger, ca.crl, server.example, false, UNKNOWN_CA",
        "wrong-use, ca.crl, server.example, false, BAD_CERTIFICATE",
        "server, ca.crl, server.example, true, BAD_CERTIFICATE",
        "device, ca.crl, '', false, BAD_CERTIFICATE",
        "wrong-name, ca.crl, server.example, false, BAD_CERTIFICATE"
    })
    void oneThatIsForThisSideAndThisNameIsBelieved(
            String shown, String lists, String name, boolean ofClient, String alert) throws IOException {
        CertificateVerificationResult result = trust(lists)
                .verifier(name)
                .verifyCertificate(
                        ConnectionId.EMPTY,
                        null,
                        DtlsEngine.PEER,
                        ofClient,
                        false,
                        false,
                        new CertificateMessage(read(shown + ".pem")));

        HandshakeException refused = result.getException();
        if (alert == null) {
            assertThat(refused).isNull();
            assertThat(result.getCertificatePath()).isNotNull();
        } else {
            assertThat(refused.getAlert().getDescription()).isEqualTo(AlertDescription.valueOf(alert));
        }
    }
}
