// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.kmp.ace.cose.CoseAead;
import dev.samd.kmp.ace.cose.CoseEncrypt0;
import dev.samd.kmp.ace.cose.CoseKey;
import dev.samd.kmp.ace.cose.CoseSign1;
import dev.samd.kmp.ace.cose.StrictCbor;
import dev.samd.sa.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CWT (RFC 8392): {@code COSE_Encrypt0} around claims with {@code cnf = {1: COSE_Key}}, or {@code COSE_Sign1} around
 * claims with {@code cnf = {2: Encrypted_COSE_Key}} (RFC 8747 s3). A key that lies open in a signed token is no secret and is
 * refused.
 */
final class CwtReader {
    private final IssuerKeys keys;

    CwtReader(IssuerKeys keys) {
        this.keys = keys;
    }

    Claims read(Octets token) throws TokenFault {
        CBORObject item =
                StrictCbor.decode(token.toArray()).orElseThrow(() -> TokenFault.malformed("token is no CBOR item"));
        if (item.HasMostOuterTag(CwtLabels.CWT_TAG)) {
            item = item.UntagOne();
        }
        if (item.HasMostOuterTag(CoseEncrypt0.TAG)) {
            return encrypted(item.UntagOne());
        }
        if (item.HasMostOuterTag(CoseSign1.TAG)) {
            return signed(item.UntagOne());
        }
        throw TokenFault.malformed("token is neither COSE_Encrypt0 nor COSE_Sign1");
    }

    private Claims encrypted(CBORObject item) throws TokenFault {
        CoseEncrypt0 sealed =
                CoseEncrypt0.parse(item).orElseThrow(() -> TokenFault.malformed("token is no COSE_Encrypt0 on offer"));
        for (IssuerKey key : keys.named(name(sealed.kid()), algorithm(sealed.aead()))) {
            Optional<byte[]> claims = sealed.open(key.secret());
            if (claims.isPresent()) {
                try {
                    return claims(key, claims.get());
                } finally {
                    Arrays.fill(claims.get(), (byte) 0);
                }
            }
        }
        throw TokenFault.unauthorized("token does not open under the key that it names");
    }

    private Claims signed(CBORObject item) throws TokenFault {
        CoseSign1 signed =
                CoseSign1.parse(item).orElseThrow(() -> TokenFault.malformed("token is no COSE_Sign1 on offer"));
        for (IssuerKey key : keys.named(name(signed.kid()), TokenAlgorithm.ES256)) {
            Optional<byte[]> claims = signed.verify(key.publicKey());
            if (claims.isPresent()) {
                return claims(key, claims.get());
            }
        }
        throw TokenFault.unauthorized("token does not verify under the key that it names");
    }

    private Claims claims(IssuerKey signer, byte[] octets) throws TokenFault {
        CBORObject map = StrictCbor.decode(octets)
                .filter(item -> item.getType() == CBORType.Map && !item.isTagged())
                .orElseThrow(() -> TokenFault.malformed("claims are no CBOR map"));
        Optional<String> issuer = text(map, CwtLabels.ISS);
        String subject = text(map, CwtLabels.SUB).orElse("");
        List<String> audience = audience(map);
        Optional<Instant> expires = time(map, CwtLabels.EXP);
        Optional<Instant> notBefore = time(map, CwtLabels.NBF);
        Optional<Instant> issuedAt = time(map, CwtLabels.IAT);
        Optional<Duration> expiresIn = expiresIn(map);
        Octets id = octets(map, CwtLabels.CTI);
        String scope = text(map, CwtLabels.SCOPE).orElse("");
        Octets salt = octets(map, CwtLabels.DR_SALT);
        boolean nonce = map.ContainsKey(CwtLabels.CNONCE);
        CoseKey key = confirmation(signer, map.GetOrDefault(CwtLabels.CNF, null));
        return new Claims(
                signer,
                issuer,
                subject,
                audience,
                expires,
                notBefore,
                issuedAt,
                expiresIn,
                nonce,
                id,
                scope,
                salt,
                key.kid(),
                key.secret());
    }

    private CoseKey confirmation(IssuerKey signer, @Nullable CBORObject cnf) throws TokenFault {
        if (cnf == null || cnf.getType() != CBORType.Map || cnf.size() != 1) {
            throw TokenFault.malformed("token confirms no key");
        }
        CBORObject open = cnf.GetOrDefault(CwtLabels.CNF_COSE_KEY, null);
        if (open != null && signer.algorithm().encrypts()) {
            return CoseKey.parse(open).orElseThrow(() -> TokenFault.malformed("key of the token is no symmetric key"));
        }
        CBORObject sealed = cnf.GetOrDefault(CwtLabels.CNF_ENCRYPTED_KEY, null);
        if (sealed == null) {
            throw TokenFault.malformed("token has no key that is encrypted for this server");
        }
        return unwrap(signer, sealed.HasMostOuterTag(CoseEncrypt0.TAG) ? sealed.UntagOne() : sealed);
    }

    private CoseKey unwrap(IssuerKey signer, CBORObject sealed) throws TokenFault {
        CoseEncrypt0 wrapped = CoseEncrypt0.parse(sealed)
                .orElseThrow(() -> TokenFault.malformed("key of the token is no COSE_Encrypt0 on offer"));
        byte[] key = keys.wrapping(signer.issuer(), name(wrapped.kid()), algorithm(wrapped.aead()))
                .flatMap(wrapping -> wrapped.open(wrapping.secret()))
                .orElseThrow(() -> TokenFault.unauthorized("key of the token does not open"));
        try {
            return StrictCbor.decode(key)
                    .flatMap(CoseKey::parse)
                    .orElseThrow(() -> TokenFault.malformed("key of the token is no symmetric key"));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static TokenAlgorithm algorithm(CoseAead aead) {
        return switch (aead) {
            case AES_CCM_16_64_128 -> TokenAlgorithm.AES_CCM_16_64_128;
            case A128GCM -> TokenAlgorithm.A128GCM;
        };
    }

    /** The text of a kid; empty, which names nothing, if it is none. */
    private static String name(Octets kid) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(kid.toArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    private static Optional<String> text(CBORObject map, int label) throws TokenFault {
        CBORObject item = map.GetOrDefault(label, null);
        if (item == null) {
            return Optional.empty();
        }
        if (item.getType() != CBORType.TextString) {
            throw TokenFault.malformed("claim " + label + " is no text");
        }
        return Optional.of(item.AsString());
    }

    private static Octets octets(CBORObject map, int label) throws TokenFault {
        CBORObject item = map.GetOrDefault(label, null);
        if (item == null) {
            return Octets.EMPTY;
        }
        if (item.getType() != CBORType.ByteString) {
            throw TokenFault.malformed("claim " + label + " is no octets");
        }
        return Octets.of(item.GetByteString());
    }

    private static Optional<Long> number(CBORObject map, int label) throws TokenFault {
        CBORObject item = map.GetOrDefault(label, null);
        if (item == null) {
            return Optional.empty();
        }
        if (!item.isNumber() || !item.AsNumber().CanTruncatedIntFitInInt64()) {
            throw TokenFault.malformed("claim " + label + " is no number");
        }
        return Optional.of(item.AsNumber().ToInt64Unchecked());
    }

    private static Optional<Instant> time(CBORObject map, int label) throws TokenFault {
        Optional<Long> seconds = number(map, label);
        return seconds.isPresent() ? Optional.of(Claims.instant(seconds.get())) : Optional.empty();
    }

    private static Optional<Duration> expiresIn(CBORObject map) throws TokenFault {
        Optional<Long> seconds = number(map, CwtLabels.EXI);
        return seconds.isPresent()
                ? Optional.of(Duration.ofSeconds(Claims.instant(seconds.get()).getEpochSecond()))
                : Optional.empty();
    }

    private static List<String> audience(CBORObject map) throws TokenFault {
        CBORObject item = map.GetOrDefault(CwtLabels.AUD, null);
        if (item == null) {
            return List.of();
        }
        if (item.getType() != CBORType.Array) {
            return List.of(text(map, CwtLabels.AUD).orElse(""));
        }
        for (CBORObject one : item.getValues()) {
            if (one.getType() != CBORType.TextString) {
                throw TokenFault.malformed("claim 3 is no list of texts");
            }
        }
        return item.getValues().stream().map(CBORObject::AsString).toList();
    }
}
