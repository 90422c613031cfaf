// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.util.Optional;

/**
 * Which authenticated identities a rule means. In each text {@code *} stands for any characters, and an empty one for all;
 * in {@code value}, <code>{host}</code> stands for the host of the peer that the identity is to speak for.
 *
 * @param kmp pattern of the protocol
 * @param type the kind of name; empty for every kind
 * @param issuer pattern of who vouches for the name
 * @param value pattern of the name
 */
public record IdentityPattern(String kmp, Optional<IdentityType> type, String issuer, String value) {
    /** Fits every identity. */
    public static final IdentityPattern ANY = new IdentityPattern("", Optional.empty(), "", "");

    private static final String HOST = "{host}";

    /** Whether an identity fits that is to speak for a peer. */
    public boolean fits(Identity identity, Endpoint peer) {
        return fits(kmp, identity.kmp())
                && (type.isEmpty() || type.get() == identity.type())
                && fits(issuer, identity.issuer())
                && fits(value.contains(HOST) ? value.replace(HOST, literal(peer.host())) : value, identity.value());
    }

    /** A host may not bring a star of its own: none of its characters is a pattern. */
    private static String literal(String host) {
        return host.replace("*", "\\*");
    }

    private static boolean fits(String pattern, String text) {
        return pattern.isEmpty() || Glob.fits(pattern, text);
    }

    @Override
    public String toString() {
        return orAny(kmp) + ":" + (issuer.isEmpty() ? "" : issuer + ":") + orAny(value);
    }

    private static String orAny(String pattern) {
        return pattern.isEmpty() ? "*" : pattern;
    }
}
