// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import dev.samd.sa.Octets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What ties the keys of a pair to the exchange that made it: SHA-256 over the octets exactly as carried, after block-wise
 * reassembly. Whoever changes a token, a nonce, an SPI or a list of suites on the way gets other keys than both ends.
 */
public final class ContextHash {
    private ContextHash() {}

    /** Of an exchange of one request and one response: SHA-256( SHA-256(request) | response ), 32 octets. */
    public static Octets of(Octets request, Octets response) {
        return sha256(sha256(request), response);
    }

    /** Of an in-band re-key: SHA-256( SHA-256( SA tag of the live pair | request ) | response ), 32 octets. */
    public static Octets ofRekey(Octets saTag, Octets request, Octets response) {
        return sha256(sha256(saTag, request), response);
    }

    private static Octets sha256(Octets... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Octets part : parts) {
                digest.update(part.toArray());
            }
            return Octets.of(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no SHA-256", e);
        }
    }
}
