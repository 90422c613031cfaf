// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.testkit.Joined;
import dev.samd.kmp.testkit.Parties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The section of the configuration, and what it refuses. */
class LessProviderTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("y.key"), LessParties.Y + "\n");
        Files.writeString(directory.resolve("short.key"), "c0ffee");
        Files.writeString(directory.resolve("text.key"), "not hexadecimal");
    }

    private Kmp create(Map<String, Object> section, long seed) {
        return new LessProvider().create(new KmpSetup(section, directory, new Random(seed)));
    }

    private static Map<String, Object> client(String key) {
        return Map.of(
                "client",
                List.of(Map.of(
                        "target", "coap://server.example", "device_id", "dev-0001", "key", key, "server", "server-1")));
    }

    private static Map<String, Object> device(String id, String key) {
        return Map.of("device_id", id, "key", key);
    }

    private static Map<String, Object> server(String key, Object value) {
        return Map.of("server", Map.of("devices", List.of(device("dev-0001", "@y.key")), key, value));
    }

    @Test
    void twoConfigurationsMakeAPair() {
        Kmp server = create(server("lifetime", 3600L), 2);
        Joined joined =
                new Joined(new Parties(create(client("@y.key"), 1), server, LessParties.need(), LessParties.NOW), 1);

        joined.acquire();
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.responderKeys.pairs()).singleElement().satisfies(pair -> assertThat(
                        pair.inbound().lifetime().hard().addTime())
                .hasHours(1));
    }

    @Test
    void providerIsFoundByItsName() {
        assertThat(ServiceLoader.load(KmpProvider.class))
                .extracting(KmpProvider::name)
                .containsExactly("less");
    }

    static Stream<Arguments> badSections() {
        return Stream.of(
                Arguments.of(Map.of(), "less: neither server nor client has anything to do"),
                Arguments.of(Map.of("sever", Map.of()), "less.sever: no such key; one of client, server expected"),
                Arguments.of(Map.of("server", Map.of()), "less.server.devices: no device"),
                Arguments.of(server("lifetime", 0L), "less.server.lifetime: 0; at least 1 second expected"),
                Arguments.of(server("half_open", 9L), "less.server.half_open: 9; 10 to 120 seconds expected"),
                Arguments.of(server("unique", "perhaps"), "less.server.unique: true or false expected"),
                Arguments.of(
                        Map.of("server", Map.of("devices", List.of(device("a", "@y.key"), device("a", "@y.key")))),
                        "less.server.devices[1].device_id: \"a\" stands twice"),
                Arguments.of(
                        Map.of("server", Map.of("devices", List.of(device("a".repeat(65), "@y.key")))),
                        "less.server.devices[0].device_id: \"" + "a".repeat(65)
                                + "\" has 65 octets; at most 64 expected"),
                Arguments.of(client("@short.key"), "less.client[0].key: a key of 3 octets; 16 to 64 expected"),
                Arguments.of(client("@text.key"), "less.client[0].key: a key that is not hexadecimal"),
                Arguments.of(
                        client(LessParties.Y),
                        "less.client[0].key: the name of a file expected, as @FILE: secrets do not stand in a"
                                + " configuration"));
    }

    @ParameterizedTest
    @MethodSource("badSections")
    void badSectionIsRefusedByItsKeyAndValue(Map<String, Object> section, String message) {
        assertThatThrownBy(() -> create(section, 1))
                .isInstanceOf(KmpConfigException.class)
                .hasMessage(message);
    }

    @Test
    void suiteThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> create(server("suites", List.of("TLS_NULL")), 1))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageContainingAll("less.server.suites: ", "TLS_NULL");
    }
}
