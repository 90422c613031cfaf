// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What tells two runs of the same owner of a key: a new pair supersedes the confirmed pair of the same name. Not the token's
 * own name, which changes when rights do.
 *
 * @param issuer who vouches for the key
 * @param audience the server that it is for
 * @param fingerprint SHA-256 of the proof-of-possession key
 */
record KeyName(String issuer, String audience, Octets fingerprint) {
    static KeyName of(String issuer, String audience, KeyMaterial popKey) {
        return new KeyName(issuer, audience, Octets.of(Borrowed.from(popKey, KeyName::sha256)));
    }

    static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no SHA-256", e);
        }
    }
}
