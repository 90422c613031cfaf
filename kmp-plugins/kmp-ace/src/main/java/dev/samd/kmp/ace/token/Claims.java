// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The claims of a token whose wrapper has verified, whatever its format, before anybody has looked at what they say. Owns the
 * key.
 *
 * @param signer the key that the wrapper verified with
 * @param nonce whether it claims to carry a nonce of the server's (RFC 9200 s5.3.1)
 */
record Claims(
        IssuerKey signer,
        Optional<String> issuer,
        String subject,
        List<String> audience,
        Optional<Instant> expires,
        Optional<Instant> notBefore,
        Optional<Instant> issuedAt,
        Optional<Duration> expiresIn,
        boolean nonce,
        Octets id,
        String scope,
        Octets salt,
        Octets keyId,
        KeyMaterial key) {

    /** The instant of a NumericDate (RFC 7519 s2), fractions cut off. */
    static Instant instant(long seconds) throws TokenFault {
        if (seconds < 0 || seconds > MAX_SECONDS) {
            throw TokenFault.malformed("a time of the token is not a date");
        }
        return Instant.ofEpochSecond(seconds);
    }

    /** The end of the year 9999: beyond it no date has a text. */
    private static final long MAX_SECONDS = 253_402_300_799L;
}
