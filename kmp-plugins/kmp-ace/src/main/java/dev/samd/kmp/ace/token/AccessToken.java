// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a token says. Owns the key.
 *
 * @param issuer who issued it
 * @param subject whom it was issued to, empty if it does not say
 * @param audience the one resource server that it is for
 * @param expires when it ends; empty: not by the clock
 * @param notBefore when it begins; empty: at once
 * @param issuedAt when it was issued, for those who read it
 * @param expiresIn how long it lives from when its server first sees it, for one without a clock (RFC 9200 s5.10.3)
 * @param id the issuer's name of it, at most 64 octets, empty if it has none
 * @param scope what it allows, empty if it does not say
 * @param salt for the key derivation, empty if there is none
 * @param keyId name of the key, empty if it has none
 * @param key the proof-of-possession key, 16..64 octets
 */
public record AccessToken(
        String issuer,
        String subject,
        String audience,
        Optional<Instant> expires,
        Optional<Instant> notBefore,
        Optional<Instant> issuedAt,
        Optional<Duration> expiresIn,
        Octets id,
        String scope,
        Octets salt,
        Octets keyId,
        KeyMaterial key)
        implements AutoCloseable {
    static final int MIN_KEY = 16;
    static final int MAX_KEY = 64;
    static final int MAX_ID = 64;
    static final int MAX_SALT = 64;

    /** Texts of a token beyond this do not fit the rights of an SA. */
    static final int MAX_TEXT = 1024;

    @Override
    public void close() {
        key.close();
    }
}
