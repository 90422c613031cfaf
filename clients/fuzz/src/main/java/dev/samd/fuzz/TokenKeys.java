// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.kmp.ace.token.IssuerKey;
import dev.samd.kmp.ace.token.IssuerKeys;
import dev.samd.kmp.ace.token.TokenAlgorithm;
import dev.samd.kmp.ace.token.TokenVerifier;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An issuer with a key of every kind and the server that trusts it. The keys are always the same, and guard nothing. */
final class TokenKeys {
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    static final String GCM_KEY = "0f0e0d0c0b0a09080706050403020100";
    static final String SUBJECT = "device-1";

    private static final String ISSUER = "as.example";
    private static final String AUDIENCE = "rs1";
    private static final String CCM_KEY = "deadbeef00112233445566778899aabb";
    private static final String WRAP_KEY = "ab".repeat(32);
    /** The key pair of RFC 7515 appendix A.3. */
    private static final String PAIR = "{\"kty\":\"EC\",\"crv\":\"P-256\","
            + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
            + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\","
            + "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}";

    private TokenKeys() {}

    static IssuerKey ccm() {
        return IssuerKey.parse(ISSUER, "ccm", TokenAlgorithm.AES_CCM_16_64_128, CCM_KEY);
    }

    static IssuerKey gcm() {
        return IssuerKey.parse(ISSUER, "gcm", TokenAlgorithm.A128GCM, GCM_KEY);
    }

    static IssuerKey wrap() {
        return IssuerKey.parse(ISSUER, "wrap", TokenAlgorithm.A256KW, WRAP_KEY);
    }

    static IssuerKey signing() {
        return IssuerKey.parse(ISSUER, "sign", TokenAlgorithm.ES256, PAIR);
    }

    static TokenVerifier verifier() {
        return new TokenVerifier(
                AUDIENCE, new IssuerKeys(List.of(ccm(), gcm(), wrap(), signing())), Duration.ofSeconds(30));
    }

    /** A token that holds. */
    static AccessToken token() {
        return new AccessToken(
                ISSUER,
                SUBJECT,
                AUDIENCE,
                Optional.of(NOW.plusSeconds(3600)),
                Optional.of(NOW.minusSeconds(1)),
                Optional.of(NOW.minusSeconds(1)),
                Optional.empty(),
                Octets.ofHex("0a0b"),
                "read write",
                Octets.ofHex("9e7ca92223786340"),
                Octets.ofHex("6b31"),
                KeyMaterial.adopt(new byte[32]));
    }

    /** Holds a token that was accepted to what the verifier promises of it. */
    static void check(AccessToken token) {
        Finding.unless(token.key().length() >= 16 && token.key().length() <= 64, "a key of no allowed length");
        Finding.unless(token.id().length() <= 64 && token.salt().length() <= 64, "a name or a salt without bounds");
        Finding.unless(token.issuer().equals(ISSUER) && token.audience().equals(AUDIENCE), "a token for somebody else");
        Finding.unless(
                token.expires().map(end -> end.plusSeconds(31).isAfter(NOW)).orElse(true), "a token that has ended");
        int texts = token.issuer().length()
                + token.subject().length()
                + token.scope().length();
        Finding.unless(texts <= 1024, "texts without bounds");
    }
}
