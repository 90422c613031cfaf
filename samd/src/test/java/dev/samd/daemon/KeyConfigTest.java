// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.daemon.store.KeyPlace;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section that says where the key-encryption keys are. */
class KeyConfigTest {
    private static KeyPlace read(String section) {
        return ConfigFile.parse("samd.yaml", "key: " + section + "\n").store().key();
    }

    @Test
    void eachPlaceIsRead() {
        assertThat(ConfigFile.empty().store().key()).isEqualTo(KeyPlace.BESIDE);
        assertThat(read("{file: /etc/samd/kek}")).isEqualTo(new KeyPlace.InFile(Optional.of(Path.of("/etc/samd/kek"))));
        assertThat(read("{credential: samd.kek}")).isEqualTo(new KeyPlace.InCredential("samd.kek"));
        assertThat(read("{pkcs11: {library: /lib/p11.so, slot: 906111397, pin: \"@/etc/samd/pin\", label: samd}}"))
                .isEqualTo(new KeyPlace.OnToken(
                        Path.of("/lib/p11.so"),
                        new KeyPlace.Slot(906_111_397, false),
                        Path.of("/etc/samd/pin"),
                        "samd"));
        assertThat(read("{pkcs11: {library: /lib/p11.so, slot_index: 0, pin: \"@pin\", label: samd}}"))
                .extracting(place -> ((KeyPlace.OnToken) place).slot())
                .isEqualTo(new KeyPlace.Slot(0, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | exactly one of [credential, file, pkcs11]; there are []",
                "{file: /a, credential: b} | exactly one of [credential, file, pkcs11]; there are [file, credential]",
                "{hsm: x} | unknown key \"hsm\"",
                "{file: ''} | a path expected",
                "{credential: ../other} | \"../other\" is no name",
                "{credential: ..} | \"..\" is no name",
                "{pkcs11: {library: /a, slot: 1, slot_index: 0, pin: '@p', label: s}} | exactly one of [slot, slot_index]",
                "{pkcs11: {library: /a, pin: '@p', label: s}} | exactly one of [slot, slot_index]",
                "{pkcs11: {library: /a, slot: -1, pin: '@p', label: s}} | slot is -1",
                "{pkcs11: {library: /a, slot: 1, label: s}} | pin is missing",
                "{pkcs11: {slot: 1, pin: '@p', label: s}} | library is missing",
                "{pkcs11: {library: /a, slot: 1, pin: '@p'}} | label is missing",
                "{pkcs11: {library: /a, slot: 1, pin: '@p', label: a b}} | \"a b\" is no name",
                "{pkcs11: {library: '/a$b', slot: 1, pin: '@p', label: s}} | library is /a$b"
            })
    void whatCannotBeIsRefusedWithItsLine(String section, String says) {
        assertThatThrownBy(() -> read(section))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("samd.yaml line 1")
                .hasMessageContaining(says);
    }

    @Test
    void aPinInTheConfigurationIsRefusedAndNotShown() {
        assertThatThrownBy(() -> read("{pkcs11: {library: /a, slot: 1, pin: 8675309, label: s}}"))
                .hasMessageContaining("a PIN does not belong into the configuration")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("8675309"));
    }
}
