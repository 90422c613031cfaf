// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CRL;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates and raw public keys are believed: those whose chain ends at an anchor, that are valid now, that are for the side
 * that shows them, that are in no revocation list, and that name whom they should (RFC 5280 s6, RFC 9525). Immutable.
 *
 * @param anchors certificates of authorities
 * @param revoked revocation lists; none: nothing is revoked. Where there are some, each authority needs one
 * @param rawKeys raw public keys
 * @param clock the time
 */
record Trust(Set<X509Certificate> anchors, Collection<CRL> revoked, Set<PublicKey> rawKeys, Clock clock) {
    private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";
    private static final int DNS_NAME = 2;
    private static final int URI = 6;

    Trust {
        anchors = Set.copyOf(anchors);
        revoked = List.copyOf(revoked);
        rawKeys = Set.copyOf(rawKeys);
    }

    /** @param name whom a certificate has to name; empty for anybody */
    NewAdvancedCertificateVerifier verifier(String name) {
        return new Verifier(name);
    }

    /** The names of a certificate: its DNS names and URIs; if it has none, its common name. */
    static Set<String> names(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (each.get(0) instanceof Integer kind && (kind == DNS_NAME || kind == URI)) {
                    names.add(String.valueOf(each.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            return Set.of();
        }
        if (names.isEmpty()) {
            commonName(certificate.getSubjectX500Principal()).ifPresent(names::add);
        }
        return names;
    }

    private static Optional<String> commonName(X500Principal subject) {
        try {
            return new LdapName(subject.getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(value -> String.valueOf(value).toLowerCase(Locale.ROOT))
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private final class Verifier implements NewAdvancedCertificateVerifier {
        private final String name;

        Verifier(String name) {
            this.name = name;
        }

        @Override
        public List<CertificateType> getSupportedCertificateTypes() {
            List<CertificateType> types = new ArrayList<>();
            if (!rawKeys.isEmpty()) {
                types.add(CertificateType.RAW_PUBLIC_KEY);
            }
            if (!anchors.isEmpty()) {
                types.add(CertificateType.X_509);
            }
            return types;
        }

        @Override
        public CertificateVerificationResult verifyCertificate(
                ConnectionId cid,
                @Nullable ServerNames serverName,
                InetSocketAddress remotePeer,
                boolean clientUsage,
                boolean verifySubject,
                boolean truncateCertificatePath,
                CertificateMessage message) {
            try {
                CertPath chain = message.getCertificateChain();
                if (chain == null) {
                    PublicKey key = message.getPublicKey();
                    if (key == null || !rawKeys.contains(key)) {
                        throw refused(AlertDescription.BAD_CERTIFICATE, "a raw public key that nobody trusts");
                    }
                    return new CertificateVerificationResult(cid, key, null);
                }
                if (chain.getCertificates().isEmpty()) {
                    throw refused(AlertDescription.BAD_CERTIFICATE, "no certificate");
                }
                verify(chain, clientUsage);
                return new CertificateVerificationResult(cid, chain, null);
            } catch (HandshakeException e) {
                return new CertificateVerificationResult(cid, e, null);
            }
        }

        private void verify(CertPath chain, boolean ofClient) throws HandshakeException {
            X509Certificate leaf = (X509Certificate) chain.getCertificates().get(0);
            try {
                validate(withoutAnchor(chain));
            } catch (CertPathValidatorException e) {
                throw refused(
                        alert(e),
                        "a certificate of " + leaf.getSubjectX500Principal() + " that is not valid: " + e.getMessage());
            } catch (GeneralSecurityException e) {
                throw refused(
                        AlertDescription.BAD_CERTIFICATE, "a certificate that cannot be checked: " + e.getMessage());
            }
            requireUse(leaf, ofClient ? CLIENT_USE : SERVER_USE);
            if (!name.isEmpty() && !names(leaf).contains(name.toLowerCase(Locale.ROOT))) {
                throw refused(
                        AlertDescription.BAD_CERTIFICATE,
                        "a certificate for " + names(leaf) + " in the place of one for " + name);
            }
        }

        /** An anchor at the end of a chain is not part of what is to be proven. */
        private CertPath withoutAnchor(CertPath chain) throws GeneralSecurityException {
            List<? extends Certificate> all = chain.getCertificates();
            X509Certificate last = (X509Certificate) all.get(all.size() - 1);
            return all.size() > 1 && anchors.contains(last)
                    ? CertificateFactory.getInstance("X.509").generateCertPath(all.subList(0, all.size() - 1))
                    : chain;
        }

        private void validate(CertPath path) throws GeneralSecurityException {
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            Set<TrustAnchor> trusted = new LinkedHashSet<>();
            anchors.forEach(anchor -> trusted.add(new TrustAnchor(anchor, null)));
            PKIXParameters parameters = new PKIXParameters(trusted);
            parameters.setDate(Date.from(clock.instant()));
            parameters.setRevocationEnabled(!revoked.isEmpty());
            if (!revoked.isEmpty()) {
                parameters.addCertStore(
                        CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
                PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
                // The lists of the configuration, and nothing that is fetched.
                checker.setOptions(
                        EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
                parameters.addCertPathChecker(checker);
            }
            validator.validate(path, parameters);
        }

        private static AlertDescription alert(CertPathValidatorException e) {
            CertPathValidatorException.Reason reason = e.getReason();
            if (reason == CertPathValidatorException.BasicReason.EXPIRED
                    || reason == CertPathValidatorException.BasicReason.NOT_YET_VALID) {
                return AlertDescription.CERTIFICATE_EXPIRED;
            }
            return reason == CertPathValidatorException.BasicReason.REVOKED
                    ? AlertDescription.CERTIFICATE_REVOKED
                    : AlertDescription.UNKNOWN_CA;
        }

        private static void requireUse(X509Certificate leaf, String use) throws HandshakeException {
            try {
                List<String> extended = leaf.getExtendedKeyUsage();
                boolean[] usage = leaf.getKeyUsage();
                if ((extended != null && !extended.contains(use)) || (usage != null && !usage[0])) {
                    throw refused(
                            AlertDescription.BAD_CERTIFICATE,
                            "a certificate of " + leaf.getSubjectX500Principal() + " that is not for this use");
                }
            } catch (CertificateParsingException e) {
                throw refused(AlertDescription.BAD_CERTIFICATE, "a certificate that cannot be read");
            }
        }

        private static HandshakeException refused(AlertDescription alert, String why) {
            return new HandshakeException(why, new AlertMessage(AlertLevel.FATAL, alert));
        }

        @Override
        public List<X500Principal> getAcceptedIssuers() {
            return anchors.stream()
                    .map(X509Certificate::getSubjectX500Principal)
                    .toList();
        }

        @Override
        public void setResultHandler(HandshakeResultHandler resultHandler) {}
    }
}
