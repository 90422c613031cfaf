// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.upokecenter.cbor.CBORObject;
import dev.samd.kmp.Answer;
import dev.samd.kmp.ace.cose.CoseAead;
import dev.samd.kmp.ace.cose.CoseEncrypt0;
import dev.samd.kmp.ace.cose.CoseSign1;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/** An issuer "as.example" with a key of every kind, a resource server "rs1", and tokens between them. */
public final class Tokens {
    /** The time of every test. */
    public static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    /** The proof-of-possession key of every token, a canary: it may appear nowhere. */
    public static final Octets POP_KEY =
            Octets.ofHex("c0ffee00c0ffee01c0ffee02c0ffee03c0ffee04c0ffee05c0ffee06c0ffee07");
    /** The shared key of COSE, another canary. */
    public static final String CCM_KEY = "deadbeef00112233445566778899aabb";

    public static final String ISSUER = "as.example";
    public static final String AUDIENCE = "rs1";

    private static final String GCM_KEY = "0f0e0d0c0b0a09080706050403020100";
    private static final String WRAP_KEY = "ab".repeat(32);
    private static final ECKey PAIR = pair();
    private static final Octets CCM_NONCE = Octets.of(new byte[13]);

    private Tokens() {}

    private static ECKey pair() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("sign").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static IssuerKey ccm() {
        return IssuerKey.parse(ISSUER, "ccm", TokenAlgorithm.AES_CCM_16_64_128, CCM_KEY);
    }

    public static IssuerKey gcm() {
        return IssuerKey.parse(ISSUER, "gcm", TokenAlgorithm.A128GCM, GCM_KEY);
    }

    public static IssuerKey wrap() {
        return IssuerKey.parse(ISSUER, "wrap", TokenAlgorithm.A256KW, WRAP_KEY);
    }

    public static IssuerKey signing() {
        return IssuerKey.parse(ISSUER, "sign", TokenAlgorithm.ES256, PAIR.toJSONString());
    }

    /** The public half of the key pair as JWK. */
    public static String publicKey() {
        return PAIR.toPublicJWK().toJSONString();
    }

    public static IssuerKey verifying() {
        return IssuerKey.parse(ISSUER, "sign", TokenAlgorithm.ES256, publicKey());
    }

    public static TokenVerifier verifier() {
        return new TokenVerifier(
                AUDIENCE, new IssuerKeys(List.of(ccm(), gcm(), wrap(), verifying())), Duration.ofSeconds(30));
    }

    /** A token that holds; owns a copy of the key. */
    public static AccessToken valid() {
        return new AccessToken(
                ISSUER,
                "device-1",
                AUDIENCE,
                Optional.of(NOW.plusSeconds(3600)),
                Optional.of(NOW.minusSeconds(1)),
                Optional.of(NOW.minusSeconds(1)),
                Optional.empty(),
                Octets.ofHex("0a0b"),
                "read write",
                Octets.ofHex("9e7ca92223786340"),
                Octets.ofHex("6b31"),
                KeyMaterial.adopt(POP_KEY.toArray()));
    }

    public static Octets cwt(AccessToken token) {
        return new TokenWriter(Optional.empty(), ccm(), new Random(1)).cwt(token);
    }

    public static Octets jwt(AccessToken token) {
        return new TokenWriter(Optional.empty(), wrap(), new Random(1)).jwt(token);
    }

    public static Octets cwt(UnaryOperator<TokenEdit> edit) {
        return cwt(edit.apply(new TokenEdit(valid())).token());
    }

    /** Claims of any kind, encrypted with AES-CCM-16-64-128 for the server, under any name of the key. */
    public static Octets sealed(Octets kid, CBORObject claims) {
        return Octets.of(
                CoseEncrypt0.seal(CoseAead.AES_CCM_16_64_128, kid, ccm().secret(), CCM_NONCE, claims.EncodeToBytes())
                        .EncodeToBytes());
    }

    /** Claims of any kind, signed by the issuer and for all to read. */
    public static Octets signed(CBORObject claims) {
        return Octets.of(CoseSign1.sign(signing().kidOctets(), signing().privateKey(), claims.EncodeToBytes())
                .EncodeToBytes());
    }

    /** The code with which a token is refused, or 2.01 if it holds. */
    public static int code(TokenVerdict verdict) {
        return verdict instanceof TokenVerdict.Refused refused ? refused.code() : Answer.CREATED;
    }

    /** The octets of a secret. */
    public static Octets shown(KeyMaterial secret) {
        byte[] octets = Objects.requireNonNull(secret.borrow());
        try {
            return Octets.of(octets);
        } finally {
            secret.giveBack();
        }
    }
}
