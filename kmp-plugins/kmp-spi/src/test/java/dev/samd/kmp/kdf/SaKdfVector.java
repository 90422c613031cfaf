// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Spi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** One run of {@code vectors/sa-kdf.properties}. */
record SaKdfVector(String name, Properties all) {
    static Stream<SaKdfVector> derivations() {
        return Stream.of("token-ccm8", "token-aes256-gcm-sha384", "token-with-proof", "rekey-in-band", "less")
                .map(SaKdfVector::of);
    }

    static SaKdfVector of(String name) {
        Properties all = new Properties();
        try (InputStream in = SaKdfVector.class.getResourceAsStream("/vectors/sa-kdf.properties")) {
            all.load(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SaKdfVector(name, all);
    }

    Optional<Octets> known(String field) {
        return Optional.ofNullable(all.getProperty(name + "." + field)).map(Octets::ofHex);
    }

    Octets octets(String field) {
        return known(field).orElseThrow();
    }

    KeyMaterial ikm() {
        return KeyMaterial.adopt(octets("ikm").toArray());
    }

    SaKdfInput input() {
        return new SaKdfInput(
                octets("salt"),
                octets("n1"),
                octets("n2"),
                octets("contextHash"),
                new Spi(octets("id1")),
                new Spi(octets("id2")),
                CipherSuite.parse(all.getProperty(name + ".suite")),
                RecordVersion.DTLS12);
    }

    static Octets shown(KeyMaterial secret) {
        byte[] octets = Objects.requireNonNull(secret.borrow());
        try {
            return Octets.of(octets);
        } finally {
            secret.giveBack();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
