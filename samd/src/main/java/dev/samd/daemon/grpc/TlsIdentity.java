// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What the files of a listener make together: who the daemon is, and which clients count. Immutable.
 *
 * @param context for handshakes
 * @param clients what a client's certificate is held against
 * @param fingerprint SHA-256 of the daemon's certificate, in hexadecimal
 */
record TlsIdentity(SslContext context, X509TrustManager clients, String fingerprint) {
    /** A key of another algorithm than these is tried in handshakes alone. */
    private static final Map<String, String> SIGNATURES =
            Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "EdDSA");

    /**
     * Reads the files.
     *
     * @throws IOException if one cannot be read or is not what it has to be, or if they do not belong together
     */
    static TlsIdentity read(TlsListen files) throws IOException {
        try {
            List<X509Certificate> chain = PemFile.certificates(files.certificate());
            PublicKey named = chain.get(0).getPublicKey();
            PrivateKey key = PemFile.privateKey(files.key(), named.getAlgorithm());
            requirePair(named, key);
            X509TrustManager clients = clients(files);
            SslContextBuilder server = SslContextBuilder.forServer(key, chain);
            SslContext context = GrpcSslContexts.configure(server, SslProvider.JDK)
                    .trustManager(clients)
                    .clientAuth(ClientAuth.REQUIRE)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
            return new TlsIdentity(context, clients, fingerprint(chain.get(0)));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // What a file holds that is nearly right, providers answer with exceptions of all kinds.
            throw new IOException(
                    "listen: certificate " + files.certificate() + ", key " + files.key() + ", client_ca "
                            + files.clientCa()
                            + (files.clientCrl() == null ? "" : " and client_crl " + files.clientCrl())
                            + " make no TLS server: " + rootOf(e),
                    e);
        }
    }

    /** The JDK would begin with any two, and each handshake would fail. */
    private static void requirePair(PublicKey named, PrivateKey key) throws GeneralSecurityException {
        String algorithm = SIGNATURES.get(named.getAlgorithm());
        if (algorithm == null) {
            return;
        }
        byte[] something = "samd".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(something);
        byte[] signed = signature.sign();
        signature.initVerify(named);
        signature.update(something);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
    }

    private static X509TrustManager clients(TlsListen files) throws IOException, GeneralSecurityException {
        Set<TrustAnchor> anchors = PemFile.certificates(files.clientCa()).stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        if (files.clientCrl() != null) {
            List<X509CRL> lists = PemFile.revocationLists(files.clientCrl());
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
            PKIXRevocationChecker checker = (PKIXRevocationChecker)
                    CertPathValidator.getInstance("PKIX").getRevocationChecker();
            // The lists of the file alone: no question to an OCSP responder. Without a list that is good now, nobody
            // passes.
            checker.setOptions(
                    EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager trust) {
                return trust;
            }
        }
        throw new IllegalStateException("PKIX has no trust manager for X.509");
    }

    private static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    /** Why a client that was let in would not be let in now; empty if it would. */
    Optional<String> refusal(X509Certificate[] chain) {
        try {
            clients.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.of(rootOf(e));
        }
    }

    /** What a failure says at its root. */
    static String rootOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
