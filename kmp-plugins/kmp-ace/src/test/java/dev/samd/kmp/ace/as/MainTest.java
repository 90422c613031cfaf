// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.kmp.ace.token.TokenVerdict;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

class MainTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"cwt", "jwt"})
    void issuedTokenHoldsAndItsKeyIsInTheFile(String format) throws IOException {
        int code = issue("--client", "device-1", "--audience", "rs1", "--format", format, "--scope", "read");

        assertThat(code).isZero();
        Octets token = Octets.of(Files.readAllBytes(directory.resolve("out/device-1.token")));
        TokenVerdict verdict = Tokens.verifier().verify(Tokens.NOW, token);
        AccessToken claims = ((TokenVerdict.Accepted) verdict).token();
        assertThat(Files.readString(directory.resolve("out/device-1.key")))
                .isEqualTo(Tokens.shown(claims.key()).toHex());
        assertThat(claims.scope()).isEqualTo("read");
        assertThat(claims.subject()).isEqualTo("device-1");
        assertThat(claims.expires()).contains(Tokens.NOW.plusSeconds(600));
    }

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        issue("--client", "device-1", "--audience", "rs1");

        for (String name : List.of("out/device-1.token", "out/device-1.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void printedEntryIsOneOfTheConfiguration() throws IOException {
        issue("--client", "device-1", "--audience", "rs1", "--target", "coap://sensor-1");

        List<Map<String, Object>> printed = new Yaml().load(out.toString());
        assertThat(printed).hasSize(1);
        assertThat(printed.get(0))
                .containsEntry("target", "coap://sensor-1")
                .containsEntry("issuer", "as.example")
                .containsEntry("audience", "rs1")
                .containsEntry("expires", "2026-11-24T12:10:00Z")
                .containsKeys("token", "key", "salt");
        assertThat(out.toString())
                .as("the key is in its file and nowhere else")
                .doesNotContain(Files.readString(directory.resolve("out/device-1.key")));
    }

    @ParameterizedTest
    @CsvSource({
        "device-2, rs1, read, 'no client \"device-2\"'",
        "device-1, rs2, read, 'client \"device-1\" has no audience \"rs2\"'",
        "device-1, rs9, read, 'client \"device-1\" has no audience \"rs9\"'",
        "device-1, rs1, own, 'client \"device-1\" may not have scope \"own\"'"
    })
    void deniedTokenIsSaidWhy(String client, String audience, String scope, String reason) throws IOException {
        int code = issue("--client", client, "--audience", audience, "--scope", scope);

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("ace-as: " + reason + System.lineSeparator());
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void badConfigurationIsNamed() throws IOException {
        Path file = directory.resolve("as.yaml");
        Files.writeString(file, "isuer: x\n");

        int code = run("serve", "--config", file.toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).startsWith("ace-as: ace-as.isuer: no such key; one of clients, issuer, ");
    }

    @Test
    void callThatIsWrongHasItsOwnCode() {
        assertThat(run("issue")).isEqualTo(2);
    }

    private int issue(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "issue",
                "--config",
                AsFiles.write(directory).toString(),
                "--out",
                directory.resolve("out").toString()));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        return Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Clock.fixed(Tokens.NOW, ZoneOffset.UTC),
                new Random(1),
                arguments);
    }
}
