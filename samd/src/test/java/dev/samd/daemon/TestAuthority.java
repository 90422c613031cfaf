// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V2TBSCertListGenerator;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** A certification authority of one test run: its certificate and those that it issues, as PEM files. */
final class TestAuthority {
    private static final AlgorithmIdentifier ECDSA = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private final Path directory;
    private final X500Name name;
    private final KeyPair keys = keyPair();
    private long serial;

    /** The authority's own certificate. */
    final Path certificate;

    /**
     * A certificate and its key.
     *
     * @param certificate PEM file
     * @param key PEM file, PKCS #8
     */
    record Issued(Path certificate, Path key) {
        X509Certificate x509() {
            try (InputStream in = Files.newInputStream(certificate)) {
                return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            } catch (IOException | CertificateException e) {
                throw new IllegalStateException(e);
            }
        }

        BigInteger serial() {
            return x509().getSerialNumber();
        }
    }

    TestAuthority(Path directory, String name) throws IOException {
        this.directory = directory;
        this.name = new X500Name("CN=" + name);
        Instant now = Instant.now();
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        byte[] own = sign(this.name, keys, extensions, now.minus(Duration.ofDays(3)), now.plus(Duration.ofDays(3)));
        certificate = write(name + "-ca.pem", "CERTIFICATE", own);
    }

    /** A certificate that is good today. */
    Issued issue(String file, GeneralName... names) throws IOException {
        Instant now = Instant.now();
        return issue(file, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), names);
    }

    Issued issue(String file, Instant from, Instant until, GeneralName... names) throws IOException {
        KeyPair leaf = keyPair();
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        if (names.length > 0) {
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        byte[] signed = sign(new X500Name("CN=" + file), leaf, extensions, from, until);
        return new Issued(
                write(file + ".pem", "CERTIFICATE", signed),
                write(file + ".key", "PRIVATE KEY", leaf.getPrivate().getEncoded()));
    }

    /**
     * A revocation list.
     *
     * @param until when the next one is due
     */
    Path revoke(String file, Instant from, Instant until, Issued... revoked) throws IOException {
        V2TBSCertListGenerator body = new V2TBSCertListGenerator();
        body.setSignature(ECDSA);
        body.setIssuer(name);
        body.setThisUpdate(new Time(Date.from(from)));
        body.setNextUpdate(new Time(Date.from(until)));
        for (Issued each : revoked) {
            body.addCRLEntry(new ASN1Integer(each.serial()), new Time(Date.from(from)), CRLReason.keyCompromise);
        }
        return write(file, "X509 CRL", signed(body.generateTBSCertList()));
    }

    /** A revocation list that is good today. */
    Path revoke(String file, Issued... revoked) throws IOException {
        Instant now = Instant.now();
        return revoke(file, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), revoked);
    }

    static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    static GeneralName dns(String host) {
        return new GeneralName(GeneralName.dNSName, host);
    }

    static GeneralName loopback() {
        return new GeneralName(GeneralName.iPAddress, "127.0.0.1");
    }

    private byte[] sign(X500Name subject, KeyPair of, ExtensionsGenerator extensions, Instant from, Instant until)
            throws IOException {
        V3TBSCertificateGenerator body = new V3TBSCertificateGenerator();
        body.setSerialNumber(new ASN1Integer(BigInteger.valueOf(++serial)));
        body.setSignature(ECDSA);
        body.setIssuer(name);
        body.setSubject(subject);
        body.setStartDate(new Time(Date.from(from)));
        body.setEndDate(new Time(Date.from(until)));
        body.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(of.getPublic().getEncoded()));
        if (!extensions.isEmpty()) {
            body.setExtensions(extensions.generate());
        }
        return signed(body.generateTBSCertificate());
    }

    private byte[] signed(ASN1Object body) throws IOException {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body.getEncoded("DER"));
            return new DERSequence(new ASN1Encodable[] {body, ECDSA, new DERBitString(signature.sign())})
                    .getEncoded("DER");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path write(String file, String kind, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        String pem = String.join(
                "\n", Arrays.asList("-----BEGIN " + kind + "-----", body, "-----END " + kind + "-----", ""));
        return Files.writeString(directory.resolve(file), pem);
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
