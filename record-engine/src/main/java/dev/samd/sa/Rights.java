// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.time.Instant;
import java.util.Optional;

/**
 * What the credential behind an SA allows (RFC 9200 s5.10): carried from the KMP to the CoAP process, which decides by it.
 *
 * @param issuer who issued the credential
 * @param subject whom it was issued to
 * @param scope what it allows, in the words of its issuer
 * @param credential the issuer's name of the credential, at most 64 octets
 * @param expires when the credential ends, and the SA with it; empty: never
 */
public record Rights(String issuer, String subject, String scope, Octets credential, Optional<Instant> expires) {
    /** Of an SA without a credential. */
    public static final Rights NONE = new Rights("", "", "", Octets.EMPTY, Optional.empty());

    private static final int MAX_TEXT = 1024;
    private static final int MAX_CREDENTIAL = 64;

    public Rights {
        if (issuer.length() + subject.length() + scope.length() > MAX_TEXT) {
            throw new SaException(SaError.MALFORMED, issuer, "rights of more than " + MAX_TEXT + " characters");
        }
        if (credential.length() > MAX_CREDENTIAL) {
            throw new SaException(
                    SaError.MALFORMED,
                    credential.length() + " octets",
                    "credential name of " + credential.length() + " octets; at most " + MAX_CREDENTIAL + " expected");
        }
    }
}
