// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ExtendedMasterSecretMode;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.jspecify.annotations.Nullable;

/**
 * What one side proves itself with, and what it believes of the other.
 *
 * @param psk pre-shared keys
 * @param own certificate or raw public key of this side
 * @param trust which certificates and raw public keys are believed
 */
record Credentials(Optional<Psk> psk, Optional<CertificateProvider> own, Optional<Trust> trust) {
    private static final int RECORDS = 16_384;

    static {
        DtlsConfig.register();
    }

    /** Those suites that these credentials can do, in the same order. */
    List<CipherSuite> fitting(List<CipherSuite> suites, boolean server) {
        boolean certificates = server ? own.isPresent() : trust.isPresent();
        List<CipherSuite> fitting = new ArrayList<>();
        for (CipherSuite suite : suites) {
            org.eclipse.californium.scandium.dtls.cipher.CipherSuite known = known(suite);
            if (known != null
                    && (known.isPskBased()
                            ? psk.isPresent()
                            : certificates && known.getCertificateKeyAlgorithm() == CertificateKeyAlgorithm.EC)) {
                fitting.add(suite);
            }
        }
        return fitting;
    }

    private static org.eclipse.californium.scandium.dtls.cipher.@Nullable CipherSuite known(CipherSuite suite) {
        org.eclipse.californium.scandium.dtls.cipher.CipherSuite known =
                org.eclipse.californium.scandium.dtls.cipher.CipherSuite.getTypeByCode(suite.code());
        return known != null && known.isSupported() ? known : null;
    }

    /**
     * Makes sure that a handshake can begin with these.
     *
     * @throws IllegalArgumentException saying why not, as for a certificate that is not for this side
     */
    void check(boolean server, List<CipherSuite> suites) {
        try {
            config(server, suites, new Spi(Octets.ofHex("01")), "");
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The configuration of one handshake.
     *
     * @param server whether this side serves
     * @param suites the preferred one first; those of {@link #fitting}
     * @param own the connection ID of this side
     * @param name whom the other side's certificate has to name; empty for anybody
     */
    DtlsConnectorConfig config(boolean server, List<CipherSuite> suites, Spi own, String name) {
        return builder(server, suites, own, name).build();
    }

    /**
     * The configuration of one handshake of a server that resumes sessions.
     *
     * @param suites as for {@link #config}
     * @param own the connection ID of this side
     */
    DtlsConnectorConfig config(List<CipherSuite> suites, Spi own, KnownSessions sessions) {
        return builder(true, suites, own, "").setResumptionVerifier(sessions).build();
    }

    private DtlsConnectorConfig.Builder builder(boolean server, List<CipherSuite> suites, Spi own, String name) {
        Configuration configuration = Configuration.createStandardWithoutFile();
        configuration.set(DtlsConfig.DTLS_ROLE, server ? DtlsRole.SERVER_ONLY : DtlsRole.CLIENT_ONLY);
        configuration.set(DtlsConfig.DTLS_SUPPORT_KEY_MATERIAL_EXPORT, true);
        configuration.set(DtlsConfig.DTLS_EXTENDED_MASTER_SECRET_MODE, ExtendedMasterSecretMode.REQUIRED);
        configuration.set(DtlsConfig.DTLS_USE_SERVER_NAME_INDICATION, false);
        configuration.set(DtlsConfig.DTLS_USE_MULTI_HANDSHAKE_MESSAGE_RECORDS, true);
        configuration.set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 1, TimeUnit.HOURS);
        configuration.set(DtlsConfig.DTLS_MAX_RETRANSMISSION_TIMEOUT, 2, TimeUnit.HOURS);
        configuration.set(DtlsConfig.DTLS_MAX_FRAGMENTED_HANDSHAKE_MESSAGE_LENGTH, RECORDS);
        configuration.set(
                DtlsConfig.DTLS_CIPHER_SUITES,
                suites.stream()
                        .map(suite ->
                                org.eclipse.californium.scandium.dtls.cipher.CipherSuite.getTypeByCode(suite.code()))
                        .toList());
        DtlsConnectorConfig.Builder builder = DtlsConnectorConfig.builder(configuration);
        builder.setConnectionIdGenerator(new OwnCid(own));
        psk.ifPresent(builder::setAdvancedPskStore);
        this.own.ifPresent(builder::setCertificateIdentityProvider);
        trust.ifPresent(believed -> builder.setAdvancedCertificateVerifier(believed.verifier(name)));
        return builder;
    }
}
