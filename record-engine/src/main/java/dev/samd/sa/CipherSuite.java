// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The cipher suites whose records the engine makes and opens, by their IANA numbers. */
public enum CipherSuite {
    TLS_PSK_WITH_AES_128_CCM_8(0xc0a8, AeadAlgorithm.AES_128_CCM_8),
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8(0xc0ae, AeadAlgorithm.AES_128_CCM_8),
    TLS_DHE_PSK_WITH_AES_128_CCM_8(0xc0aa, AeadAlgorithm.AES_128_CCM_8),
    TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256(0xd003, AeadAlgorithm.AES_128_CCM_8),
    TLS_PSK_WITH_AES_256_CCM_8(0xc0a9, AeadAlgorithm.AES_256_CCM_8),
    TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8(0xc0af, AeadAlgorithm.AES_256_CCM_8),
    TLS_PSK_WITH_AES_128_CCM(0xc0a4, AeadAlgorithm.AES_128_CCM),
    TLS_ECDHE_ECDSA_WITH_AES_128_CCM(0xc0ac, AeadAlgorithm.AES_128_CCM),
    TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256(0xd005, AeadAlgorithm.AES_128_CCM),
    TLS_PSK_WITH_AES_256_CCM(0xc0a5, AeadAlgorithm.AES_256_CCM),
    TLS_ECDHE_ECDSA_WITH_AES_256_CCM(0xc0ad, AeadAlgorithm.AES_256_CCM),
    TLS_PSK_WITH_AES_128_GCM_SHA256(0x00a8, AeadAlgorithm.AES_128_GCM),
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(0xc02b, AeadAlgorithm.AES_128_GCM),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(0xc02f, AeadAlgorithm.AES_128_GCM),
    TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256(0xd001, AeadAlgorithm.AES_128_GCM),
    TLS_PSK_WITH_AES_256_GCM_SHA384(0x00a9, AeadAlgorithm.AES_256_GCM),
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(0xc02c, AeadAlgorithm.AES_256_GCM),
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(0xc030, AeadAlgorithm.AES_256_GCM),
    TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384(0xd002, AeadAlgorithm.AES_256_GCM),
    TLS_PSK_WITH_CHACHA20_POLY1305_SHA256(0xccab, AeadAlgorithm.CHACHA20_POLY1305),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(0xcca8, AeadAlgorithm.CHACHA20_POLY1305),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(0xcca9, AeadAlgorithm.CHACHA20_POLY1305),
    TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256(0xccac, AeadAlgorithm.CHACHA20_POLY1305);

    private final int code;
    private final AeadAlgorithm aead;

    CipherSuite(int code, AeadAlgorithm aead) {
        this.code = code;
        this.aead = aead;
    }

    /** The IANA number, 0..0xffff. */
    public int code() {
        return code;
    }

    /** The algorithm of the records. */
    public AeadAlgorithm aead() {
        return aead;
    }

    /** The number as four hexadecimal digits. */
    public String codeHex() {
        return String.format(Locale.ROOT, "%04x", code);
    }

    /**
     * The suite of an IANA number.
     *
     * @throws SaException {@link SaError#UNSUPPORTED_SUITE}
     */
    public static CipherSuite ofCode(int code) {
        for (CipherSuite suite : values()) {
            if (suite.code == code) {
                return suite;
            }
        }
        throw unsupported(String.format(Locale.ROOT, "%04x", code));
    }

    /**
     * The suite of a name or of four hexadecimal digits. The name of an algorithm alone ({@code AES_128_CCM_8}) stands for
     * its pre-shared-key suite.
     *
     * @throws SaException {@link SaError#UNSUPPORTED_SUITE}, naming what is supported
     */
    public static CipherSuite parse(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        for (CipherSuite suite : values()) {
            if (suite.name().equals(name)
                    || suite.codeHex().toUpperCase(Locale.ROOT).equals(name)) {
                return suite;
            }
        }
        for (CipherSuite suite : values()) {
            if (suite.aead.name().equals(name) && suite.name().startsWith("TLS_PSK_")) {
                return suite;
            }
        }
        throw unsupported(text);
    }

    private static SaException unsupported(String text) {
        String known = Arrays.stream(AeadAlgorithm.values()).map(Enum::name).collect(Collectors.joining(", "));
        return new SaException(
                SaError.UNSUPPORTED_SUITE,
                text,
                "cipher suite \"" + text + "\" is not supported; records are made with " + known);
    }
}
