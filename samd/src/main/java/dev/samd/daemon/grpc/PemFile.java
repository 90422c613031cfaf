// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What PEM files hold (RFC 7468). Every failure names the file. */
final class PemFile {
    /** RFC 7468 s10: PKCS #8, not encrypted. */
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private PemFile() {}

    /** The certificates of a file, in its order; one at least. */
    static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .forEach(found::add);
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(file + " is no certificate: " + e.getMessage());
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no certificate");
        }
        return found;
    }

    /** The certificate revocation lists of a file; one at least. */
    static List<X509CRL> revocationLists(Path file) throws IOException, GeneralSecurityException {
        List<X509CRL> found = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            CertificateFactory.getInstance("X.509").generateCRLs(in).stream()
                    .map(X509CRL.class::cast)
                    .forEach(found::add);
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(file + " is no revocation list: " + e.getMessage());
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no revocation list");
        }
        return found;
    }

    /**
     * The private key of a file. Nothing of it is in a failure.
     *
     * @param algorithm of the public key that it belongs to
     */
    static PrivateKey privateKey(Path file, String algorithm) throws IOException, GeneralSecurityException {
        byte[] octets = Files.readAllBytes(file);
        byte[] der = {};
        try {
            Matcher key = KEY.matcher(new String(octets, StandardCharsets.ISO_8859_1));
            if (!key.find()) {
                throw new GeneralSecurityException(file + " holds no key as PKCS #8 without a password");
            }
            der = Base64.getMimeDecoder().decode(key.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (IllegalArgumentException | InvalidKeySpecException e) {
            throw new GeneralSecurityException(file + " holds no " + algorithm + " key, which the certificate is for");
        } finally {
            Arrays.fill(octets, (byte) 0);
            Arrays.fill(der, (byte) 0);
        }
    }
}
