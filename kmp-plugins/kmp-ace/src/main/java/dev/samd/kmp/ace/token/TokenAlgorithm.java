// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import java.util.Arrays;
import java.util.Optional;

/** What a key of an issuer is for. A key serves one algorithm: a token cannot choose another for it. */
public enum TokenAlgorithm {
    /** COSE_Encrypt0 with AES-CCM and a tag of 64 bits (RFC 9053 s4.2). */
    AES_CCM_16_64_128("AES-CCM-16-64-128", 16),
    /** COSE_Encrypt0 with AES-GCM (RFC 9053 s4.1), and JWE with {@code dir} and {@code A128GCM} (RFC 7518 s4.5). */
    A128GCM("A128GCM", 16),
    /** JWE with AES key wrap (RFC 7518 s4.4). */
    A256KW("A256KW", 32),
    /** COSE_Sign1 and JWS with ECDSA over P-256 (RFC 9053 s2.1, RFC 7518 s3.4). */
    ES256("ES256", 0);

    private final String text;
    private final int keyLength;

    TokenAlgorithm(String text, int keyLength) {
        this.text = text;
        this.keyLength = keyLength;
    }

    /** The name of IANA's registers. */
    public String text() {
        return text;
    }

    /** Octets of a key; 0 for a key pair. */
    public int keyLength() {
        return keyLength;
    }

    /** Whether tokens of it are encrypted, and not signed. */
    public boolean encrypts() {
        return keyLength > 0;
    }

    /** The algorithm of a name. */
    public static Optional<TokenAlgorithm> parse(String text) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.text.equals(text))
                .findFirst();
    }
}
