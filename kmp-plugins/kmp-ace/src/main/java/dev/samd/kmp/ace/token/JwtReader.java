// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JWT (RFC 7519): a JWE around claims with {@code cnf.jwk}, or a JWS around claims with {@code cnf.jwe} (RFC 7800 s3).
 * Key encryption is {@code dir} or {@code A256KW}, content encryption A128GCM or A256GCM, without compression.
 */
final class JwtReader {
    private final IssuerKeys keys;

    JwtReader(IssuerKeys keys) {
        this.keys = keys;
    }

    Claims read(Octets token) throws TokenFault {
        try {
            JWT jwt = JWTParser.parse(new String(token.toArray(), StandardCharsets.US_ASCII));
            if (jwt instanceof EncryptedJWT encrypted) {
                return encrypted(encrypted);
            }
            if (jwt instanceof SignedJWT signed) {
                return signed(signed);
            }
            throw TokenFault.unauthorized("token is of algorithm none");
        } catch (ParseException | IllegalArgumentException e) {
            throw TokenFault.malformed("token is no JWT");
        }
    }

    private Claims encrypted(EncryptedJWT token) throws TokenFault, ParseException {
        for (IssuerKey key : keys.named(kid(token.getHeader().getKeyID()), algorithm(token.getHeader()))) {
            if (decrypts(token, key)) {
                return claims(key, token.getJWTClaimsSet());
            }
        }
        throw TokenFault.unauthorized("token does not open under the key that it names");
    }

    private Claims signed(SignedJWT token) throws TokenFault, ParseException {
        if (!JWSAlgorithm.ES256.equals(token.getHeader().getAlgorithm())) {
            throw TokenFault.unauthorized("token is not signed with ES256");
        }
        for (IssuerKey key : keys.named(kid(token.getHeader().getKeyID()), TokenAlgorithm.ES256)) {
            if (verifies(token, key)) {
                return claims(key, token.getJWTClaimsSet());
            }
        }
        throw TokenFault.unauthorized("token does not verify under the key that it names");
    }

    private static boolean verifies(SignedJWT token, IssuerKey key) {
        try {
            return token.verify(new ECDSAVerifier(key.publicKey()));
        } catch (JOSEException e) {
            return false;
        }
    }

    /** The algorithm of the key that opens it. Compression is refused: a few octets must not become a great many. */
    private static TokenAlgorithm algorithm(JWEHeader header) throws TokenFault {
        EncryptionMethod method = header.getEncryptionMethod();
        boolean gcm = EncryptionMethod.A128GCM.equals(method) || EncryptionMethod.A256GCM.equals(method);
        if (header.getCompressionAlgorithm() == null && gcm) {
            if (JWEAlgorithm.A256KW.equals(header.getAlgorithm())) {
                return TokenAlgorithm.A256KW;
            }
            if (JWEAlgorithm.DIR.equals(header.getAlgorithm()) && EncryptionMethod.A128GCM.equals(method)) {
                return TokenAlgorithm.A128GCM;
            }
        }
        throw TokenFault.unauthorized("token is of a JWE algorithm that is not offered");
    }

    private static boolean decrypts(JWEObject token, IssuerKey key) {
        try {
            token.decrypt(Borrowed.from(key.secret(), octets -> decrypter(key.algorithm(), octets)));
            return true;
        } catch (JOSEException e) {
            return false;
        }
    }

    private static JWEDecrypter decrypter(TokenAlgorithm algorithm, byte[] key) {
        try {
            return algorithm == TokenAlgorithm.A256KW ? new AESDecrypter(key) : new DirectDecrypter(key);
        } catch (JOSEException e) {
            throw new IllegalStateException("a key of the wrong length for " + algorithm.text(), e);
        }
    }

    private Claims claims(IssuerKey signer, @Nullable JWTClaimsSet claims) throws TokenFault, ParseException {
        if (claims == null) {
            throw TokenFault.malformed("claims are no JSON object");
        }
        Octets salt = octets(claims, "dr_salt");
        Octets id = id(claims.getJWTID());
        Optional<Duration> expiresIn = expiresIn(claims);
        String scope = Objects.requireNonNullElse(claims.getStringClaim("scope"), "");
        Optional<Instant> expires = time(claims.getExpirationTime());
        Optional<Instant> notBefore = time(claims.getNotBeforeTime());
        Optional<Instant> issuedAt = time(claims.getIssueTime());
        OctetSequenceKey key = confirmation(signer, claims.getJSONObjectClaim("cnf"));
        return new Claims(
                signer,
                Optional.ofNullable(claims.getIssuer()),
                Objects.requireNonNullElse(claims.getSubject(), ""),
                claims.getAudience(),
                expires,
                notBefore,
                issuedAt,
                expiresIn,
                claims.getClaim("cnonce") != null,
                id,
                scope,
                salt,
                Octets.of(kid(key.getKeyID()).getBytes(StandardCharsets.UTF_8)),
                KeyMaterial.adopt(key.toByteArray()));
    }

    private OctetSequenceKey confirmation(IssuerKey signer, @Nullable Map<String, Object> cnf)
            throws TokenFault, ParseException {
        if (cnf == null || cnf.size() != 1) {
            throw TokenFault.malformed("token confirms no key");
        }
        if (cnf.get("jwk") instanceof Map<?, ?> open && signer.algorithm().encrypts()) {
            return OctetSequenceKey.parse(texts(open));
        }
        if (!(cnf.get("jwe") instanceof String sealed)) {
            throw TokenFault.malformed("token has no key that is encrypted for this server");
        }
        JWEObject wrapped = JWEObject.parse(sealed);
        TokenAlgorithm algorithm = algorithm(wrapped.getHeader());
        IssuerKey wrapping = keys.wrapping(
                        signer.issuer(), kid(wrapped.getHeader().getKeyID()), algorithm)
                .filter(key -> decrypts(wrapped, key))
                .orElseThrow(() -> TokenFault.unauthorized("key of the token does not open"));
        if (wrapped.getPayload() == null) {
            throw TokenFault.malformed("key of the token is empty under " + wrapping);
        }
        return OctetSequenceKey.parse(wrapped.getPayload().toString());
    }

    private static Map<String, Object> texts(Map<?, ?> map) throws TokenFault {
        try {
            return map.entrySet().stream()
                    .collect(Collectors.toMap(e -> String.valueOf(e.getKey()), Map.Entry::getValue));
        } catch (NullPointerException e) {
            throw TokenFault.malformed("key of the token has a member without value");
        }
    }

    private static String kid(@Nullable String kid) {
        return Objects.requireNonNullElse(kid, "");
    }

    private static Optional<Instant> time(@Nullable Date date) throws TokenFault {
        return date == null
                ? Optional.empty()
                : Optional.of(Claims.instant(Math.floorDiv(date.toInstant().toEpochMilli(), 1000)));
    }

    private static Optional<Duration> expiresIn(JWTClaimsSet claims) throws TokenFault, ParseException {
        Long seconds = claims.getLongClaim("exi");
        return seconds == null
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Claims.instant(seconds).getEpochSecond()));
    }

    private static Octets id(@Nullable String jti) {
        return jti == null ? Octets.EMPTY : Octets.of(jti.getBytes(StandardCharsets.UTF_8));
    }

    private static Octets octets(JWTClaimsSet claims, String name) throws ParseException {
        String text = claims.getStringClaim(name);
        return text == null ? Octets.EMPTY : Octets.of(Base64.getUrlDecoder().decode(text));
    }
}
