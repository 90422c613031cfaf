// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Spi;

/**
 * All that goes into {@link SaKdf} beside the secret. Nothing here is secret.
 *
 * @param salt empty where there is none
 * @param n1 the initiator's nonce: 8 octets or more, or none where the secret itself is fresh
 * @param n2 the responder's nonce, likewise
 * @param contextHash 32 octets, see {@link ContextHash}
 * @param id1 the SPI of the initiator's inbound SA
 * @param id2 the SPI of the responder's inbound SA
 */
public record SaKdfInput(
        Octets salt,
        Octets n1,
        Octets n2,
        Octets contextHash,
        Spi id1,
        Spi id2,
        CipherSuite suite,
        RecordVersion version) {
    private static final int CONTEXT_HASH = 32;
    private static final int MIN_NONCE = 8;

    public SaKdfInput {
        if (contextHash.length() != CONTEXT_HASH) {
            throw new IllegalArgumentException("context hash of " + contextHash.length() + " octets; 32 expected");
        }
        requireNonce("N1", n1);
        requireNonce("N2", n2);
    }

    private static void requireNonce(String name, Octets nonce) {
        if (!nonce.isEmpty() && nonce.length() < MIN_NONCE) {
            throw new IllegalArgumentException(
                    name + " of " + nonce.length() + " octets; at least " + MIN_NONCE + " expected");
        }
    }

    /** {@code bstr(salt) | bstr(N1) | bstr(N2)}, built as the Master Salt of RFC 9203 s4.3. */
    Octets extractSalt() {
        return new CborOctets().octets(salt).octets(n1).octets(n2).toOctets();
    }

    /** {@code ["samd/dtls-record/v1", label, suite, version, ctx_hash, ID1, ID2, L]}. */
    Octets info(String label, int length) {
        return new CborOctets()
                .array(8)
                .text(SaKdf.CONTEXT)
                .text(label)
                .number(suite.code())
                .number(version.wire())
                .octets(contextHash)
                .octets(id1.octets())
                .octets(id2.octets())
                .number(length)
                .toOctets();
    }
}
