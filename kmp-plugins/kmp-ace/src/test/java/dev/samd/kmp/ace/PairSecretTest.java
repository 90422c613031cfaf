// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the daemon keeps for this KMP: read as it was written, and nobody else's. */
class PairSecretTest {
    private static final Instant MADE = Instant.parse("2026-11-24T12:00:00Z");
    private static final String MADE_HEX = "061a" + String.format("%08x", MADE.getEpochSecond());

    private static String written() {
        KeyName name = new KeyName("as.example", "rs1", Octets.of(new byte[32]));
        try (PairSecret secret = new PairSecret(name, KeyMaterial.adopt(new byte[32]), Octets.ofHex("0a0b"), MADE);
                KeyMaterial encoded = secret.encoded()) {
            return Octets.of(Borrowed.from(encoded, byte[]::clone)).toHex();
        }
    }

    private static Optional<PairSecret> read(String hex) {
        try (KeyMaterial encoded = KeyMaterial.adopt(Octets.ofHex(hex).toArray())) {
            return PairSecret.decode(encoded);
        }
    }

    @Test
    void whatWasWrittenIsRead() {
        PairSecret secret = read(written()).orElseThrow();

        assertThat(secret.made()).isEqualTo(MADE);
        assertThat(secret.saTag()).isEqualTo(Octets.ofHex("0a0b"));
        assertThat(secret.name().issuer()).isEqualTo("as.example");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "061b7fffffffffffffff, a time that no calendar has",
        "06fbfff8000000000000, a time that is no number",
        "0660, a time of text",
        "07fa00000000, no time"
    })
    void whatThisKmpCannotHaveWrittenIsNotRead(String made, String what) {
        assertThat(written()).endsWith(MADE_HEX);

        assertThat(read(written().replace(MADE_HEX, made))).as(what).isEmpty();
    }
}
