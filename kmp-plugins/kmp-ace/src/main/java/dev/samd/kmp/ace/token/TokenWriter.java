// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.upokecenter.cbor.CBORObject;
import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.kmp.ace.cose.CoseAead;
import dev.samd.kmp.ace.cose.CoseEncrypt0;
import dev.samd.kmp.ace.cose.CoseKey;
import dev.samd.kmp.ace.cose.CoseSign1;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes tokens for one resource server: encrypted under a key that issuer and server share, or signed by the issuer with the
 * proof-of-possession key encrypted under such a key. Confined to its caller's thread; borrows the keys.
 */
public final class TokenWriter {
    private final @Nullable IssuerKey signing;
    private final IssuerKey shared;
    private final RandomGenerator random;

    /**
     * @param signing the issuer's key pair; empty for a token that is encrypted as a whole
     * @param shared with the server: of AES-CCM or A128GCM for a CWT, of A128GCM or A256KW for a JWT
     * @param random for nonces and keys of one token; cryptographically strong
     */
    public TokenWriter(Optional<IssuerKey> signing, IssuerKey shared, RandomGenerator random) {
        this.signing = signing.orElse(null);
        this.shared = shared;
        this.random = random;
    }

    /** The token as CWT. */
    public Octets cwt(AccessToken token) {
        CoseKey key = new CoseKey(token.keyId(), token.key());
        if (signing == null) {
            CBORObject cnf = CBORObject.NewOrderedMap().Add(CwtLabels.CNF_COSE_KEY, key.toCbor());
            byte[] claims = cwtClaims(token, cnf);
            try {
                return Octets.of(sealed(claims).EncodeToBytes());
            } finally {
                Arrays.fill(claims, (byte) 0);
            }
        }
        byte[] open = key.toCbor().EncodeToBytes();
        CBORObject cnf = CBORObject.NewOrderedMap().Add(CwtLabels.CNF_ENCRYPTED_KEY, sealed(open));
        Arrays.fill(open, (byte) 0);
        return Octets.of(CoseSign1.sign(signing.kidOctets(), signing.privateKey(), cwtClaims(token, cnf))
                .EncodeToBytes());
    }

    private CBORObject sealed(byte[] plaintext) {
        CoseAead aead = shared.algorithm() == TokenAlgorithm.A128GCM ? CoseAead.A128GCM : CoseAead.AES_CCM_16_64_128;
        byte[] iv = new byte[aead.nonceLength()];
        random.nextBytes(iv);
        return CoseEncrypt0.seal(aead, shared.kidOctets(), shared.secret(), Octets.of(iv), plaintext);
    }

    private static byte[] cwtClaims(AccessToken token, CBORObject cnf) {
        CBORObject map = CBORObject.NewOrderedMap().Add(CwtLabels.ISS, token.issuer());
        if (!token.subject().isEmpty()) {
            map.Add(CwtLabels.SUB, token.subject());
        }
        map.Add(CwtLabels.AUD, token.audience());
        token.expires().ifPresent(time -> map.Add(CwtLabels.EXP, time.getEpochSecond()));
        token.notBefore().ifPresent(time -> map.Add(CwtLabels.NBF, time.getEpochSecond()));
        token.issuedAt().ifPresent(time -> map.Add(CwtLabels.IAT, time.getEpochSecond()));
        if (!token.id().isEmpty()) {
            map.Add(CwtLabels.CTI, token.id().toArray());
        }
        map.Add(CwtLabels.CNF, cnf);
        if (!token.scope().isEmpty()) {
            map.Add(CwtLabels.SCOPE, token.scope());
        }
        token.expiresIn().ifPresent(time -> map.Add(CwtLabels.EXI, time.toSeconds()));
        if (!token.salt().isEmpty()) {
            map.Add(CwtLabels.DR_SALT, token.salt().toArray());
        }
        return map.EncodeToBytes();
    }

    /** The token as JWT. */
    public Octets jwt(AccessToken token) {
        OctetSequenceKey key = Borrowed.from(token.key(), octets -> new OctetSequenceKey.Builder(octets)
                .keyID(new String(token.keyId().toArray(), StandardCharsets.UTF_8))
                .build());
        try {
            if (signing == null) {
                EncryptedJWT jwt = new EncryptedJWT(jweHeader(), jwtClaims(token, Map.of("jwk", key.toJSONObject())));
                jwt.encrypt(encrypter());
                return ascii(jwt.serialize());
            }
            JWEObject wrapped = new JWEObject(jweHeader(), new Payload(key.toJSONString()));
            wrapped.encrypt(encrypter());
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(signing.kid())
                            .build(),
                    jwtClaims(token, Map.of("jwe", wrapped.serialize())));
            jwt.sign(new ECDSASigner(signing.privateKey()));
            return ascii(jwt.serialize());
        } catch (JOSEException e) {
            throw new IllegalStateException("writing a JWT failed", e);
        }
    }

    private JWEHeader jweHeader() {
        JWEAlgorithm algorithm = shared.algorithm() == TokenAlgorithm.A256KW ? JWEAlgorithm.A256KW : JWEAlgorithm.DIR;
        return new JWEHeader.Builder(algorithm, EncryptionMethod.A128GCM)
                .keyID(shared.kid())
                .build();
    }

    private JWEEncrypter encrypter() {
        return Borrowed.from(shared.secret(), octets -> {
            try {
                JWEEncrypter encrypter = shared.algorithm() == TokenAlgorithm.A256KW
                        ? new AESEncrypter(octets)
                        : new DirectEncrypter(octets);
                encrypter.getJCAContext().setSecureRandom(new DrawnRandom(random));
                return encrypter;
            } catch (JOSEException e) {
                throw new IllegalStateException("a key of the wrong length for " + shared.algorithm(), e);
            }
        });
    }

    private static JWTClaimsSet jwtClaims(AccessToken token, Map<String, Object> cnf) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(token.issuer())
                .audience(token.audience())
                .claim("cnf", cnf);
        if (!token.subject().isEmpty()) {
            claims.subject(token.subject());
        }
        token.expires().ifPresent(time -> claims.expirationTime(Date.from(time)));
        token.notBefore().ifPresent(time -> claims.notBeforeTime(Date.from(time)));
        token.issuedAt().ifPresent(time -> claims.issueTime(Date.from(time)));
        if (!token.id().isEmpty()) {
            claims.jwtID(token.id().toHex());
        }
        if (!token.scope().isEmpty()) {
            claims.claim("scope", token.scope());
        }
        token.expiresIn().ifPresent(time -> claims.claim("exi", time.toSeconds()));
        if (!token.salt().isEmpty()) {
            claims.claim(
                    "dr_salt",
                    Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(token.salt().toArray()));
        }
        return claims.build();
    }

    private static Octets ascii(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
