// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The section of the configuration, and what it refuses. */
class CodtlsProviderTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        try (Stream<Path> pki = Files.list(Pki.DIRECTORY)) {
            for (Path file : pki.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        Files.writeString(directory.resolve("dev.key"), "000102030405060708090a0b0c0d0e0f");
        Files.writeString(directory.resolve("short.key"), "c0ffee");
    }

    @Test
    void providerIsFoundByItsName() {
        assertThat(ServiceLoader.load(KmpProvider.class))
                .extracting(KmpProvider::name)
                .containsExactly("codtls");
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        Map<String, Object> changed = new HashMap<>(map);
        changed.put(key, value);
        return changed;
    }

    private static Map<String, Object> serverWith(String key, Object value) {
        return Map.of(
                "server", with(Map.of("psk", List.of(Map.of("identity", "dev-1", "key", "@dev.key"))), key, value));
    }

    static Stream<Arguments> badSections() {
        return Stream.of(
                Arguments.of(Map.of(), "codtls: neither server nor client has anything to do"),
                Arguments.of(
                        with(CodtlsParties.pskServer("a"), "keys", "mine"),
                        "codtls.keys: \"mine\" is neither exporter nor key-block"),
                Arguments.of(
                        with(CodtlsParties.pskServer("a"), "resumption", 86_401L),
                        "codtls.resumption: 86401; at most 86400 seconds expected"),
                Arguments.of(CodtlsParties.pskServer("a", "a"), "codtls.server.psk[1].identity: \"a\" stands twice"),
                Arguments.of(
                        CodtlsParties.pskClient("a", "short.key"),
                        "codtls.client.peers[0].psk: a key of 3 octets; 16 to 64 expected"),
                Arguments.of(serverWith("lifetime", 0L), "codtls.server.lifetime: 0; at least 1 second expected"),
                Arguments.of(
                        Map.of("server", Map.of()),
                        "codtls.server.psk: neither psk nor private_key, for one of the suites"),
                Arguments.of(
                        serverWith("suites", List.of("CHACHA20_POLY1305")),
                        "codtls.server.psk: neither psk nor private_key, for one of the suites"),
                Arguments.of(
                        Map.of("server", Pki.shown("server")),
                        "codtls.server.trusted: whose certificates or raw public keys are believed is not said"),
                Arguments.of(
                        CodtlsParties.client(Map.of("target", "coap://server.example")),
                        "codtls.client.peers[0].target: neither psk_identity nor trusted or trusted_keys for"
                                + " coap://server.example"),
                Arguments.of(
                        CodtlsParties.client(with(Pki.peer("device"), "private_key", "@device.pem")),
                        "codtls.client.peers[0].private_key: no \"BEGIN PRIVATE KEY\" in it"),
                Arguments.of(
                        CodtlsParties.client(with(Pki.peer("device"), "trusted", "@device.key")),
                        "codtls.client.peers[0].trusted: no certificate that can be read"),
                Arguments.of(
                        CodtlsParties.client(with(Pki.peer("device"), "trusted", "ca.pem")),
                        "codtls.client.peers[0].trusted: the name of a file expected, as @FILE: secrets do not stand in"
                                + " a configuration"));
    }

    @ParameterizedTest
    @MethodSource("badSections")
    void badSectionIsRefusedByItsKeyAndValue(Map<String, Object> section, String message) {
        assertThatThrownBy(() -> CodtlsParties.kmp(directory, section, 1))
                .isInstanceOf(KmpConfigException.class)
                .hasMessage(message);
    }

    @Test
    void certificateThatIsNotForThisSideIsRefusedAtTheStart() {
        assertThatThrownBy(() -> CodtlsParties.kmp(directory, Pki.server("wrong-use"), 1))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageStartingWith("codtls.server.certificate: ");
        assertThatThrownBy(() -> CodtlsParties.kmp(directory, Pki.client("server"), 1))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageStartingWith("codtls.client.peers[0].certificate: ");
    }
}
