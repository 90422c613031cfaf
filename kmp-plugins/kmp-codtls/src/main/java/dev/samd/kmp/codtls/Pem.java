// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys, certificates and revocation lists in PEM (RFC 7468). What cannot be read is refused without a word of what it says. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private Pem() {}

    /** @throws IllegalArgumentException if it is no PKCS#8 key of an elliptic curve */
    static PrivateKey privateKey(String text) {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(one(text, "PRIVATE KEY")));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no private key of an elliptic curve");
        }
    }

    /** @throws IllegalArgumentException if it is no public key of an elliptic curve */
    static PublicKey publicKey(String text) {
        try {
            return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(one(text, "PUBLIC KEY")));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no public key of an elliptic curve");
        }
    }

    /** @throws IllegalArgumentException if there is none */
    static List<X509Certificate> certificates(String text) {
        try {
            List<X509Certificate> certificates = new ArrayList<>();
            for (var each : CertificateFactory.getInstance("X.509").generateCertificates(in(text))) {
                certificates.add((X509Certificate) each);
            }
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("no certificate");
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no certificate that can be read");
        }
    }

    /** @throws IllegalArgumentException if there is none */
    static Collection<? extends CRL> revocationLists(String text) {
        try {
            Collection<? extends CRL> lists =
                    CertificateFactory.getInstance("X.509").generateCRLs(in(text));
            if (lists.isEmpty()) {
                throw new IllegalArgumentException("no revocation list");
            }
            return lists;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no revocation list that can be read");
        }
    }

    private static ByteArrayInputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] one(String text, String label) {
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(label)) {
                try {
                    return Base64.getMimeDecoder().decode(matcher.group(2));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("a " + label + " that cannot be read");
                }
            }
        }
        throw new IllegalArgumentException("no \"BEGIN " + label + "\" in it");
    }
}
