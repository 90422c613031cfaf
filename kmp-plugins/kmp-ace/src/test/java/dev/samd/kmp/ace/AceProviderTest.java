// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.ace.token.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

class AceProviderTest {
    private static final String CLIENT =
            """
            client:
              tokens:
                - target: coap://sensor-1
                  issuer: as.example
                  audience: rs1
                  token: "@t.token"
                  key: "@t.key"
                  salt: "9e7ca92223786340"
            """;
    private static final String SERVER =
            """
            server:
              audience: rs1
              issuers:
                - issuer: as.example
                  keys:
                    - {kid: ccm, alg: AES-CCM-16-64-128, key: "@ccm.key"}
                    - {kid: sign, alg: ES256, key: "@sign.jwk"}
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.write(directory.resolve("t.token"), Tokens.cwt(Tokens.valid()).toArray());
        write("t.key", Tokens.POP_KEY.toHex() + "\n");
        write("ccm.key", Tokens.CCM_KEY + "\n");
        write("sign.jwk", Tokens.publicKey());
        write("bad.key", "c0ffee");
    }

    @Test
    void twoConfigurationsMakeAPair() {
        TestHost client = new TestHost(create(CLIENT), "coap://client", 0x1000);
        TestHost server = new TestHost(create(SERVER), "coap://sensor-1", 0x2000);
        client.network = server.from(client);

        KmpOutput end = client.acquire(Hosts.need());

        assertThat(end).isEqualTo(new KmpOutput.Done());
        Hosts.assertPartners(client.newest(), server.newest());
    }

    @Test
    void providerIsFoundByItsName() {
        assertThat(ServiceLoader.load(KmpProvider.class))
                .extracting(KmpProvider::name)
                .containsExactly("ace");
    }

    static Stream<Arguments> badSections() {
        return Stream.of(
                Arguments.of("{}", "ace: neither server nor client has anything to do"),
                Arguments.of("sever: {}", "ace.sever: no such key; one of client, server expected"),
                Arguments.of("server: [1]", "ace.server: a map expected"),
                Arguments.of("server: {audience: rs1}", "ace.server.issuers: no issuer with a key"),
                Arguments.of(SERVER.replace("audience: rs1", "audience: ''"), "ace.server.audience: missing"),
                Arguments.of(
                        SERVER.replace("ES256", "RS256"),
                        "ace.server.issuers[0].keys[1].alg: \"RS256\" is none of AES-CCM-16-64-128, A128GCM, A256KW,"
                                + " ES256"),
                Arguments.of(
                        SERVER.replace("@ccm.key", "@bad.key"),
                        "ace.server.issuers[0].keys[0].key: a key of 3 octets; AES-CCM-16-64-128 needs 16"),
                Arguments.of(
                        SERVER.replace("@ccm.key", Tokens.CCM_KEY),
                        "ace.server.issuers[0].keys[0].key: the name of a file expected, as @FILE: secrets do not"
                                + " stand in a configuration"),
                Arguments.of(
                        SERVER.replace("@sign.jwk", "@ccm.key"),
                        "ace.server.issuers[0].keys[1].key: a key for ES256 that is not a JWK of type EC"),
                Arguments.of(
                        CLIENT.replace("coap://sensor-1", "sensor-1"),
                        "ace.client.tokens[0].target: endpoint \"sensor-1\" is not scheme://host[:port] with a CoAP"
                                + " scheme"),
                Arguments.of(
                        CLIENT.replace("@t.key", "@bad.key"),
                        "ace.client.tokens[0].key: a key of 3 octets; at least 16 expected"),
                Arguments.of(
                        CLIENT + "      expires: tomorrow\n",
                        "ace.client.tokens[0].expires: \"tomorrow\" is no time like 2027-01-31T12:00:00Z"));
    }

    @ParameterizedTest
    @MethodSource("badSections")
    void badSectionNamesTheKeyAndNoSecret(String yaml, String message) {
        assertThatThrownBy(() -> create(yaml))
                .isInstanceOf(KmpConfigException.class)
                .hasMessage(message);
        assertThat(message).doesNotContain("c0ffee").doesNotContain(Tokens.CCM_KEY);
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> create(CLIENT.replace("@t.token", "@none")))
                .isInstanceOf(KmpConfigException.class)
                .hasMessage("ace.client.tokens[0].token: cannot read " + directory.resolve("none"));
    }

    @Test
    void authorizationServerIsAskedAsConfigured() {
        TestHost client = new TestHost(
                create(
                        """
                        client:
                          as:
                            - target: "coap://sensor-*"
                              uri: coaps://as.example
                              issuer: as.example
                              audience: "{host}"
                        """),
                "coap://client",
                0x1000);
        List<String> asked = new ArrayList<>();
        client.network = request -> {
            asked.add(request.to().uri() + request.path());
            return Optional.empty();
        };

        client.acquire(Hosts.need());

        assertThat(asked).containsExactly("coaps://as.example/token");
    }

    private Kmp create(String yaml) {
        Map<String, Object> section = new Yaml().load(yaml);
        return new AceProvider().create(new KmpSetup(section, directory, new Random(1)));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text, StandardCharsets.US_ASCII);
    }
}
