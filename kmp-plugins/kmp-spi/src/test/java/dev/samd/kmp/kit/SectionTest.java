// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.kmp.KmpConfigException;
import dev.samd.sa.CipherSuite;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What cannot be is refused with the key, whoever found it out. */
class SectionTest {
    private static Section section(Object value) {
        return Section.of("toy", Map.of("key", value), Path.of("/"), Set.of("key"));
    }

    @Test
    void textsOfAListAreReadOneByOne() {
        List<CipherSuite> suites = section(List.of("AES_128_CCM_8", "c0a4")).texts("key", CipherSuite::parse);

        assertThat(suites)
                .containsExactly(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, CipherSuite.TLS_PSK_WITH_AES_128_CCM);
    }

    @Test
    void oneTextOfAListThatCannotBeReadIsRefusedWithTheKey() {
        Section section = section(List.of("AES_128_CCM_8", "ROT13"));

        assertThatThrownBy(() -> section.texts("key", CipherSuite::parse))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageStartingWith("toy.key: cipher suite \"ROT13\" is not supported");
    }

    @Test
    void nameThatNoFileCanHaveIsRefusedWithTheKey() {
        assertThatThrownBy(() -> section("@\0").file("key"))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageStartingWith("toy.key: ");
    }
}
