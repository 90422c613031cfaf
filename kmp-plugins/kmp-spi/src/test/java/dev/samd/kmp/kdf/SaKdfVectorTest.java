// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import static dev.samd.kmp.kdf.SaKdfVector.shown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaKdfVectorTest {
    @ParameterizedTest
    @ValueSource(strings = {"token-ccm8", "token-aes256-gcm-sha384", "token-with-proof", "token-dtls13-hash"})
    void contextHashIsThatOfTheVector(String name) {
        SaKdfVector vector = SaKdfVector.of(name);

        assertThat(ContextHash.of(vector.octets("request"), vector.octets("response")))
                .isEqualTo(vector.octets("contextHash"));
    }

    @Test
    void contextHashOfARekeyBeginsWithTheTagOfTheLivePair() {
        SaKdfVector vector = SaKdfVector.of("rekey-in-band");

        assertThat(ContextHash.ofRekey(vector.octets("liveTag"), vector.octets("request"), vector.octets("response")))
                .isEqualTo(vector.octets("contextHash"));
    }

    @Test
    void saltAndInfoAreThoseOfTheVector() {
        SaKdfVector vector = SaKdfVector.of("token-ccm8");

        assertThat(vector.input().extractSalt()).isEqualTo(vector.octets("extractSalt"));
        assertThat(vector.input().info("key block", 40)).isEqualTo(vector.octets("info"));
    }

    @ParameterizedTest
    @MethodSource("dev.samd.kmp.kdf.SaKdfVector#derivations")
    void pseudorandomKeyIsThatOfTheVector(SaKdfVector vector) {
        SaKdfInput input = vector.input();

        try (KeyMaterial ikm = vector.ikm();
                KeyMaterial prk = Hkdf.extract(HkdfHash.of(input.suite()), input.extractSalt(), ikm)) {
            assertThat(shown(prk)).isEqualTo(vector.known("prk").orElse(shown(prk)));
            assertThat(prk.length()).isEqualTo(HkdfHash.of(input.suite()).length());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.samd.kmp.kdf.SaKdfVector#derivations")
    void keysOfBothDirectionsAreThoseOfTheVector(SaKdfVector vector) {
        try (KeyMaterial ikm = vector.ikm();
                SaKdf kdf = new SaKdf(ikm, vector.input());
                PairKeys keys = kdf.pairKeys()) {
            Octets block = Octets.ofHex(shown(keys.initiator().key()).toHex()
                    + shown(keys.responder().key()).toHex()
                    + shown(keys.initiator().iv()).toHex()
                    + shown(keys.responder().iv()).toHex());

            assertThat(block).isEqualTo(vector.octets("keyBlock"));
            keys.initiator().requireFor(vector.input().suite());
            keys.responder().requireFor(vector.input().suite());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"token-ccm8", "less"})
    void tagAndRekeySecretAreThoseOfTheVector(String name) {
        SaKdfVector vector = SaKdfVector.of(name);

        try (KeyMaterial ikm = vector.ikm();
                SaKdf kdf = new SaKdf(ikm, vector.input());
                KeyMaterial rekey = kdf.rekeySecret()) {
            assertThat(kdf.saTag()).isEqualTo(vector.octets("saTag"));
            assertThat(shown(rekey)).isEqualTo(vector.octets("rekey"));
        }
    }

    @Test
    void exporterIsThatOfTheVector() {
        SaKdfVector vector = SaKdfVector.of("token-ccm8");

        try (KeyMaterial ikm = vector.ikm();
                SaKdf kdf = new SaKdf(ikm, vector.input());
                KeyMaterial exporter = kdf.exporter()) {
            assertThat(shown(exporter)).isEqualTo(vector.octets("exporter"));
        }
    }

    @Test
    void nextYOfLessIsThatOfTheVector() {
        SaKdfVector vector = SaKdfVector.of("less");

        try (KeyMaterial ikm = vector.ikm();
                SaKdf kdf = new SaKdf(ikm, vector.input());
                KeyMaterial lessY = kdf.lessY()) {
            assertThat(shown(lessY)).isEqualTo(vector.octets("lessY"));
        }
    }
}
