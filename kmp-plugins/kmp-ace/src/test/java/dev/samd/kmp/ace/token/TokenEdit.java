// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Copies of a token with one claim changed. */
public record TokenEdit(AccessToken token) {
    public TokenEdit issuer(String issuer) {
        return copy(issuer, token.subject(), token.audience(), token.expires(), token.notBefore(), token.expiresIn());
    }

    public TokenEdit subject(String subject) {
        return copy(token.issuer(), subject, token.audience(), token.expires(), token.notBefore(), token.expiresIn());
    }

    public TokenEdit audience(String audience) {
        return copy(token.issuer(), token.subject(), audience, token.expires(), token.notBefore(), token.expiresIn());
    }

    public TokenEdit expires(Instant expires) {
        return copy(
                token.issuer(),
                token.subject(),
                token.audience(),
                Optional.of(expires),
                token.notBefore(),
                token.expiresIn());
    }

    public TokenEdit notBefore(Instant notBefore) {
        return copy(
                token.issuer(),
                token.subject(),
                token.audience(),
                token.expires(),
                Optional.of(notBefore),
                token.expiresIn());
    }

    public TokenEdit expiresIn(Duration time) {
        return copy(
                token.issuer(),
                token.subject(),
                token.audience(),
                Optional.empty(),
                token.notBefore(),
                Optional.of(time));
    }

    public TokenEdit id(Octets id) {
        return with(id, token.scope(), token.key());
    }

    public TokenEdit scope(String scope) {
        return with(token.id(), scope, token.key());
    }

    public TokenEdit key(Octets key) {
        return with(token.id(), token.scope(), KeyMaterial.adopt(key.toArray()));
    }

    private TokenEdit copy(
            String issuer,
            String subject,
            String audience,
            Optional<Instant> expires,
            Optional<Instant> notBefore,
            Optional<Duration> expiresIn) {
        return new TokenEdit(new AccessToken(
                issuer,
                subject,
                audience,
                expires,
                notBefore,
                token.issuedAt(),
                expiresIn,
                token.id(),
                token.scope(),
                token.salt(),
                token.keyId(),
                token.key()));
    }

    private TokenEdit with(Octets id, String scope, KeyMaterial key) {
        return new TokenEdit(new AccessToken(
                token.issuer(),
                token.subject(),
                token.audience(),
                token.expires(),
                token.notBefore(),
                token.issuedAt(),
                token.expiresIn(),
                id,
                scope,
                token.salt(),
                token.keyId(),
                key));
    }
}
