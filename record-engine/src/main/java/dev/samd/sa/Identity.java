// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * The peer that an SA authenticates, fixed for the life of the SA (RFC 2367 s2.3.4).
 *
 * @param kmp the protocol that authenticated it, {@code manual} for keys installed by hand
 * @param type the kind of name
 * @param issuer who vouches for the name, empty where nobody does
 * @param value the name
 */
public record Identity(String kmp, IdentityType type, String issuer, String value) {
    private static final int MAX_LENGTH = 1024;

    public Identity {
        if (kmp.isEmpty() || value.isEmpty()) {
            throw new SaException(SaError.MALFORMED, value, "identity without KMP or without value");
        }
        if (kmp.length() + issuer.length() + value.length() > MAX_LENGTH) {
            throw new SaException(SaError.MALFORMED, kmp, "identity of more than " + MAX_LENGTH + " characters");
        }
        // Few there are, and millions of identities that bear them.
        kmp = kmp.intern();
        issuer = issuer.intern();
    }

    /** The identity of a peer whose keys an operator installed by hand. */
    public static Identity manual(String value) {
        return new Identity("manual", IdentityType.MANUAL, "", value);
    }

    @Override
    public String toString() {
        return kmp + ":" + (issuer.isEmpty() ? "" : issuer + ":") + value;
    }
}
