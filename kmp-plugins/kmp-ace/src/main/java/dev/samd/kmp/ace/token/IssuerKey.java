// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A key between an issuer of tokens and a resource server: a shared one, or the issuer's key pair, of which the server has the
 * public half. Owns its secret.
 */
public final class IssuerKey implements AutoCloseable {
    private final String issuer;
    private final String kid;
    private final TokenAlgorithm algorithm;
    private final @Nullable KeyMaterial secret;
    private final @Nullable ECKey pair;

    private IssuerKey(
            String issuer, String kid, TokenAlgorithm algorithm, @Nullable KeyMaterial secret, @Nullable ECKey pair) {
        this.issuer = issuer;
        this.kid = kid;
        this.algorithm = algorithm;
        this.secret = secret;
        this.pair = pair;
    }

    /**
     * Reads a key as it stands in a file: a shared one in hexadecimal, half a key pair or all of it as JWK (RFC 7517).
     *
     * @throws IllegalArgumentException saying what is wrong, without the text
     */
    public static IssuerKey parse(String issuer, String kid, TokenAlgorithm algorithm, String text) {
        return algorithm.encrypts()
                ? new IssuerKey(issuer, kid, algorithm, shared(algorithm, text.strip()), null)
                : new IssuerKey(issuer, kid, algorithm, null, pair(text));
    }

    private static KeyMaterial shared(TokenAlgorithm algorithm, String hex) {
        byte[] octets;
        try {
            octets = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a key for " + algorithm.text() + " that is not hexadecimal");
        }
        if (octets.length != algorithm.keyLength()) {
            throw new IllegalArgumentException(
                    "a key of " + octets.length + " octets; " + algorithm.text() + " needs " + algorithm.keyLength());
        }
        return KeyMaterial.adopt(octets);
    }

    private static ECKey pair(String jwk) {
        try {
            ECKey key = ECKey.parse(jwk);
            if (!Curve.P_256.equals(key.getCurve())) {
                throw new IllegalArgumentException("a key of curve " + key.getCurve() + "; ES256 needs P-256");
            }
            return key;
        } catch (ParseException e) {
            // Its message would quote the text.
            throw new IllegalArgumentException("a key for ES256 that is not a JWK of type EC");
        }
    }

    /** Who issues tokens with it. */
    public String issuer() {
        return issuer;
    }

    /** Its name, as JWT carry it. */
    public String kid() {
        return kid;
    }

    /** Its name, as CWT carry it. */
    public Octets kidOctets() {
        return Octets.of(kid.getBytes(StandardCharsets.UTF_8));
    }

    /** What it is for. */
    public TokenAlgorithm algorithm() {
        return algorithm;
    }

    /** Whether it can make tokens: every shared key can, of a key pair the half with the private key. */
    public boolean canIssue() {
        return pair == null || pair.isPrivate();
    }

    /** The shared key, which stays this key's. */
    KeyMaterial secret() {
        if (secret == null) {
            throw new IllegalStateException("key " + kid + " is no shared key");
        }
        return secret;
    }

    ECPublicKey publicKey() {
        try {
            return pairOf().toECPublicKey();
        } catch (JOSEException e) {
            throw new IllegalStateException("key " + kid + " is not on its curve", e);
        }
    }

    ECPrivateKey privateKey() {
        try {
            return pairOf().toECPrivateKey();
        } catch (JOSEException e) {
            throw new IllegalStateException("key " + kid + " is not on its curve", e);
        }
    }

    private ECKey pairOf() {
        if (pair == null) {
            throw new IllegalStateException("key " + kid + " is no key pair");
        }
        return pair;
    }

    @Override
    public void close() {
        if (secret != null) {
            secret.close();
        }
    }

    @Override
    public String toString() {
        return "IssuerKey[" + issuer + " " + kid + " " + algorithm.text() + "]";
    }
}
