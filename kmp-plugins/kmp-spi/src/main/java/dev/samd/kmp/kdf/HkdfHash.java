// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import dev.samd.sa.CipherSuite;

/** The hash of an HKDF. */
public enum HkdfHash {
    SHA256("HmacSHA256", 32),
    SHA384("HmacSHA384", 48);

    private final String mac;
    private final int length;

    HkdfHash(String mac, int length) {
        this.mac = mac;
        this.length = length;
    }

    /**
     * The hash of a suite's key derivation. The key length says nothing about it: suites of AES-256-CCM use SHA-256
     * (RFC 6655 s3), those of AES-256-GCM use SHA-384 (RFC 5288 s3).
     */
    public static HkdfHash of(CipherSuite suite) {
        return switch (suite.aead()) {
            case AES_256_GCM -> SHA384;
            case AES_128_CCM_8, AES_256_CCM_8, AES_128_CCM, AES_256_CCM, AES_128_GCM, CHACHA20_POLY1305 -> SHA256;
        };
    }

    String mac() {
        return mac;
    }

    /** Octets of its output. */
    public int length() {
        return length;
    }
}
