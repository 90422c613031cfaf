// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;

/**
 * Checks tokens for one resource server, in the order of RFC 9200 s5.10.1.1. Stateless: nothing is kept about a token.
 * Thread-safe; owns the keys.
 */
public final class TokenVerifier implements AutoCloseable {
    /** Octets of the longest token that is looked at. */
    public static final int MAX_TOKEN = 8192;

    /** What clocks may differ by where nobody says otherwise. */
    public static final Duration DEFAULT_SKEW = Duration.ofSeconds(30);

    private final String audience;
    private final IssuerKeys keys;
    private final Duration skew;
    private final CwtReader cwt;
    private final JwtReader jwt;

    /**
     * @param audience the name of this server in tokens
     * @param keys of the issuers it trusts; taken over
     * @param skew what the clocks of issuer and server may differ by
     */
    public TokenVerifier(String audience, IssuerKeys keys, Duration skew) {
        this.audience = audience;
        this.keys = keys;
        this.skew = skew;
        this.cwt = new CwtReader(keys);
        this.jwt = new JwtReader(keys);
    }

    /** What becomes of a token, CWT or JWT. */
    public TokenVerdict verify(Instant now, Octets token) {
        try {
            if (token.isEmpty() || token.length() > MAX_TOKEN) {
                throw TokenFault.malformed("token of " + token.length() + " octets; 1.." + MAX_TOKEN + " expected");
            }
            Claims claims = looksLikeJwt(token) ? jwt.read(token) : cwt.read(token);
            try {
                return new TokenVerdict.Accepted(judge(now, claims));
            } catch (TokenFault fault) {
                claims.key().close();
                throw fault;
            }
        } catch (TokenFault fault) {
            return fault.verdict();
        }
    }

    /** Every JOSE header begins with a brace and a quotation mark, and no COSE structure in CBOR with their base64. */
    public static boolean looksLikeJwt(Octets token) {
        return token.length() > 1 && token.at(0) == 'e' && token.at(1) == 'y';
    }

    private AccessToken judge(Instant now, Claims claims) throws TokenFault {
        String issuer = claims.signer().issuer();
        requireReadable(claims);
        if (!claims.issuer().orElse(issuer).equals(issuer)) {
            throw TokenFault.unauthorized("token is of another issuer than its key");
        }
        if (claims.expires().isPresent() && !claims.expires().get().plus(skew).isAfter(now)) {
            throw TokenFault.unauthorized("token has expired");
        }
        if (claims.notBefore().isPresent()
                && claims.notBefore().get().minus(skew).isAfter(now)) {
            throw TokenFault.unauthorized("token is not yet valid");
        }
        if (claims.nonce()) {
            throw TokenFault.unauthorized("token carries a nonce that this server never gave");
        }
        // With a symmetric key every server of the audience could speak for the client, and for the others.
        if (claims.audience().size() != 1) {
            throw TokenFault.forbidden("token is for " + claims.audience().size() + " servers; 1 expected");
        }
        if (!claims.audience().get(0).equals(audience)) {
            throw TokenFault.forbidden("token is for another server");
        }
        if (issuer.length() + claims.subject().length() + claims.scope().length() > AccessToken.MAX_TEXT / 2) {
            throw TokenFault.malformed("texts of the token are too long");
        }
        return new AccessToken(
                issuer,
                claims.subject(),
                audience,
                claims.expires(),
                claims.notBefore(),
                claims.issuedAt(),
                claims.expiresIn(),
                claims.id(),
                claims.scope(),
                claims.salt(),
                claims.keyId(),
                claims.key());
    }

    private static void requireReadable(Claims claims) throws TokenFault {
        int key = claims.key().length();
        if (key < AccessToken.MIN_KEY || key > AccessToken.MAX_KEY) {
            throw TokenFault.malformed("key of the token has " + key + " octets; " + AccessToken.MIN_KEY + ".."
                    + AccessToken.MAX_KEY + " expected");
        }
        if (claims.id().length() > AccessToken.MAX_ID || claims.salt().length() > AccessToken.MAX_SALT) {
            throw TokenFault.malformed("name or salt of the token is longer than 64 octets");
        }
        if (claims.expiresIn().isPresent() && claims.id().isEmpty()) {
            // RFC 9200 s5.10.3: without a name its server could not tell that it has seen it before.
            throw TokenFault.malformed("token that expires by its first use has no name");
        }
    }

    @Override
    public void close() {
        keys.close();
    }
}
