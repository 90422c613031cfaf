// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8009 App. A, "Sample encryptions": key usage 2. */
class AesSha2VectorTest {
    private static final int USAGE = 2;
    private static final String KEY_128 = "3705d96080c17728a0e800eab6e0d23c";
    private static final String KEY_256 = "6d404d37faf79f9df0d33568d320669800eb4836472ea8a026d16b7182460c52";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @ParameterizedTest
    @CsvSource({
        "19, " + KEY_128 + ", '', ef85fb890bb8472f4dab20394dca781dad877eda39d50c870c0d5a0a8e48c718",
        "19, " + KEY_128 + ", 000102030405, "
                + "84d7f30754ed987bab0bf3506beb09cfb55402cef7e6877ce99e247e52d16ed4421dfdf8976c",
        "20, " + KEY_256 + ", '', 41f53fa5bfe7026d91faf9be959195a058707273a96a40f0a01960621ac612748b9bbfbe7eb4ce3c",
        "20, " + KEY_256 + ", 000102030405, "
                + "4ed7b37c2bcac8f74f23c1cf07e62bc7b75fb3f637b9f559c7f664f69eab7b6092237526ea0d1f61cb20d69d10f2"
    })
    void vectorIsOpenedAndNoneWithAChangedBit(int type, String key, String plaintext, String sealed)
            throws GeneralSecurityException {
        AesSha2 scheme = AesSha2.of(type).orElseThrow();

        assertThat(scheme.open(bytes(key), USAGE, bytes(sealed)))
                .hasValueSatisfying(clear -> assertThat(clear).isEqualTo(bytes(plaintext)));
        assertThat(scheme.open(bytes(key), USAGE + 1, bytes(sealed))).isEmpty();
        for (int bit = 0; bit < 4 * sealed.length(); bit++) {
            byte[] changed = bytes(sealed);
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(scheme.open(bytes(key), USAGE, changed)).isEmpty();
        }
    }

    @Test
    void whatIsTooShortIsNotOpened() throws GeneralSecurityException {
        for (int length = 0; length < 32; length++) {
            assertThat(AesSha2.AES128.open(bytes(KEY_128), USAGE, new byte[length]))
                    .isEmpty();
        }
    }

    @Test
    void typesOfOtherDocumentsAreNone() {
        assertThat(AesSha2.of(18)).isEmpty();
    }
}
