// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.Principal;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Whom a client certificate names: by its SPIFFE id (X.509-SVID s2: exactly one URI), else by its first DNS name. */
final class CertificateNames {
    /** RFC 5280 s4.2.1.6: kinds of GeneralName. */
    private static final int DNS = 2;

    private static final int URI = 6;
    private static final String SPIFFE = "spiffe://";

    private CertificateNames() {}

    /** Who is at the other end of a session whose certificate the trust manager has accepted. */
    static Principal principal(SSLSession session) {
        try {
            Certificate certificate = session.getPeerCertificates()[0];
            return certificate instanceof X509Certificate x509 ? principal(x509) : new Principal.Nameless();
        } catch (SSLPeerUnverifiedException e) {
            return new Principal.Nameless();
        }
    }

    static Principal principal(X509Certificate certificate) {
        List<String> uris = names(certificate, URI);
        if (uris.size() > 1) {
            // Which of them it is would be a guess.
            return new Principal.Nameless();
        }
        if (uris.size() == 1 && uris.get(0).startsWith(SPIFFE)) {
            return new Principal.Certified(uris.get(0));
        }
        List<String> hosts = names(certificate, DNS);
        return hosts.isEmpty() ? new Principal.Nameless() : new Principal.Certified("dns:" + hosts.get(0));
    }

    private static List<String> names(X509Certificate certificate, int kind) {
        List<String> found = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    if (name.get(0).equals(kind) && name.get(1) instanceof String text) {
                        found.add(text);
                    }
                }
            }
        } catch (CertificateParsingException e) {
            // A name that cannot be read names nobody.
            return List.of();
        }
        return found;
    }
}
