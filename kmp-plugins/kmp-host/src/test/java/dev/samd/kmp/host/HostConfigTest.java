// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.client.TlsAddress;
import dev.samd.kmp.drive.StrangerLimits.EchoUse;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostConfigTest {
    @TempDir
    Path directory;

    @Test
    void everythingIsRead() throws IOException {
        Files.writeString(directory.resolve("as.key"), "000102030405060708090A0B0C0D0E0F\n");

        HostConfig config = read(
                """
                socket: /run/x.sock
                listen: "[::1]:5700"
                echo: always
                half_open: 500
                half_open_per_source: 2
                credentials:
                  - endpoint: coaps://as.example
                    psk_identity: kmpd
                    psk: "@as.key"
                    address: 127.0.0.1:5684
                resolve:
                  "coap://sensor.example": 127.0.0.1:5683
                toy:
                  merit: no
                  number: 1_000
                  text: "7"
                  list: [a, {b: 2}]
                """);

        assertThat(config.daemon()).isEqualTo(DaemonAddress.behind(Path.of("/run/x.sock")));
        assertThat(Addresses.text(config.listen())).isEqualTo("[0:0:0:0:0:0:0:1]:5700");
        assertThat(config.echo()).isEqualTo(EchoUse.ALWAYS);
        assertThat(config.limits().halfOpen()).isEqualTo(500);
        assertThat(config.limits().halfOpenPerSource()).isEqualTo(2);
        assertThat(config.credentials()).hasSize(1);
        assertThat(config.credentials().get(0).identity()).isEqualTo("kmpd");
        assertThat(config.credentials().get(0).key().sameAs(KeyMaterial.adopt(new byte[] {
                    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
                })))
                .isTrue();
        assertThat(config.addresses()
                        .of(Endpoint.parse("coap://sensor.example"))
                        .map(Addresses::text))
                .contains("127.0.0.1:5683");
        assertThat(config.addresses().of(Endpoint.parse("coaps://as.example")).map(Addresses::text))
                .contains("127.0.0.1:5684");
        assertThat(config.sections())
                .isEqualTo(Map.of(
                        "toy",
                        Map.of("merit", false, "number", 1000L, "text", "7", "list", List.of("a", Map.of("b", 2L)))));
        assertThat(config.directory()).isEqualTo(directory.toAbsolutePath());
    }

    @Test
    void littleIsEnough() throws IOException {
        HostConfig config = read("toy: {}\n");

        assertThat(config.daemon()).isEqualTo(DaemonAddress.behind(Path.of("/run/samd/app.sock")));
        assertThat(Addresses.text(config.listen())).isEqualTo("127.0.0.1:0");
        assertThat(config.echo()).isEqualTo(EchoUse.LOAD);
        assertThat(config.limits().halfOpen()).isEqualTo(64);
        assertThat(config.limits().halfOpenPerSource()).isEqualTo(4);
    }

    @Test
    void daemonMayBeOnTcpAndItsFilesAreBesideTheConfiguration() throws IOException {
        HostConfig config = read(
                """
                tls: {daemon: "[2001:db8::1]:7443", certificate: kmpd.pem, key: /etc/kmpd.key, ca: ca.pem}
                toy: {}
                """);

        assertThat(config.daemon().tls())
                .isEqualTo(new TlsAddress(
                        "2001:db8::1",
                        7443,
                        directory.toAbsolutePath().resolve("kmpd.pem"),
                        Path.of("/etc/kmpd.key"),
                        directory.toAbsolutePath().resolve("ca.pem")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "toys: {}|line 1: unknown key \"toys\"; known are [block_size, credentials, echo, half_open,"
                        + " half_open_per_source, listen, proxies, resolve, socket, tls,"
                        + " toy]",
                "toy: {}\\ntoy: {}|line 2: key \"toy\" stands twice",
                "toy: {}\\n"
                        + "listen: localhost:1|line 2: \"localhost:1\" is no address with a port; names are not resolved",
                "toy: {}\\nlisten: 127.0.0.1:70000|line 2: \"127.0.0.1:70000\" is no address",
                "toy: {}\\necho: maybe|line 2: echo is \"maybe\"; always, load or never expected",
                "toy: {}\\nhalf_open: 0|line 2: half_open is 0; 1 to 1023 expected",
                "toy: {}\\nhalf_open: few|line 2: half_open is \"few\"; a number expected",
                "toy: {}\\nhalf_open_per_source: 16|line 2: half_open_per_source is 16; 1 to 15 expected",
                "toy: {}\\necho: [a]|line 2: echo is not one value",
                "toy: {}\\nresolve: {sensor: 127.0.0.1:1}|line 2: endpoint \"sensor\" is not",
                "toy: {}\\nresolve: [a]|line 2: keys with values expected",
                "toy: {}\\ncredentials: {}|line 2: credentials is not a list",
                "toy: {}\\ncredentials:\\n- endpoint: coaps://a|line 3: credentials has no address",
                "toy: {a: }|line 1: a has no value",
                "toy: {a: 99999999999999999999}|line 1: a is 99999999999999999999",
                "socket: /x|has no section of a KMP; there are [toy]",
                "a: b: c|is not YAML",
                "toy: &a [*a]|is not YAML",
                "toy: {}\\nsocket: \"\\0\"|is no path",
                "toy: {}\\nsocket: /x\\ntls: {}|line 3: socket and tls name two daemons; name one",
                "toy: {}\\ntls: here|line 2: keys with values expected",
                "toy: {}\\ntls: {daemon: \"a:1\", certificate: c, key: k}|line 2: tls has no ca",
                "toy: {}\\ntls: {daemon: a, certificate: c, key: k, ca: a}|line 2: daemon is \"a\"; HOST:PORT expected",
                "toy: {}\\ntls: {daemon: \"a:70000\", certificate: c, key: k, ca: a}"
                        + "|line 2: daemon is \"a:70000\"; HOST:PORT expected",
                "toy: {}\\ntls: {daemon: \"a:1\", certificate: c, key: k, ca: a, x: y}|line 2: unknown key \"x\"",
            })
    void mistakeIsNamedWithItsLine(String text, String message) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00010203040506070809zzzz", "0001", "hunter2"})
    void keyThatIsNoneIsNeverShown(String key) throws IOException {
        Files.writeString(directory.resolve("k"), key);

        assertThatThrownBy(() -> read(credential("coaps://a", "\"@k\"")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("psk in")
                .hasMessageNotContaining(key);
        assertThatThrownBy(() -> read(credential("coaps://a", key)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not @FILE")
                .hasMessageNotContaining(key);
    }

    @Test
    void credentialIsForDtlsEndpointsWithAKeyThatIsThere() {
        assertThatThrownBy(() -> read(credential("coap://a", "\"@k\"")))
                .hasMessageContaining("endpoint coap://a is not coaps://");
        assertThatThrownBy(() -> read(credential("coaps://a", "\"@absent\"")))
                .hasMessageContaining("the psk for coaps://a cannot be read");
        assertThatThrownBy(() -> HostConfig.read(directory.resolve("none"), Set.of("toy")))
                .hasMessageContaining("cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "coap://192.0.2.1:7000, 192.0.2.1:7000",
        "coap://[2001:db8::1], [2001:db8:0:0:0:0:0:1]:5683",
        "coap://localhost, 127.0.0.1:5683",
        "coap://sensor.example, ''",
        "coap://1.2.3, ''",
        "coap://999.1.1.1, ''",
        "coap://device-1, ''",
    })
    void onlyAddressesNameThemselves(String endpoint, String address) {
        assertThat(new Addresses(Map.of())
                        .of(Endpoint.parse(endpoint))
                        .map(Addresses::text)
                        .orElse(""))
                .isEqualTo(address);
    }

    private static String credential(String endpoint, String psk) {
        return "toy: {}\ncredentials:\n- endpoint: " + endpoint + "\n  psk_identity: i\n  psk: " + psk
                + "\n  address: 127.0.0.1:1\n";
    }

    private HostConfig read(String text) throws IOException {
        Path path = directory.resolve("kmpd.yaml");
        Files.writeString(path, text);
        return HostConfig.read(path, Set.of("toy"));
    }

    @Test
    void blockSizeAndProxiesAreRead() throws IOException {
        HostConfig config = read("block_size: 64\nproxies: [192.0.2.1, \"2001:db8::1\"]\ntoy: {}\n");

        assertThat(config.block()).isEqualTo(64);
        assertThat(config.proxies()).containsExactlyInAnyOrder("192.0.2.1", "2001:db8::1");
    }

    @Test
    void blockSizeThatIsNoneAndProxyThatIsANameAreRefusedWithTheirLine() throws IOException {
        assertThatThrownBy(() -> read("toy: {}\nblock_size: 65\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 2: block_size is \"65\"; one of [64, 128, 256, 512, 1024] expected");
        assertThatThrownBy(() -> read("toy: {}\nproxies: [proxy.example]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 2: \"proxy.example\" is no address; names are not resolved");
    }
}
