// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.coap.OptionNumbers;
import dev.samd.daemon.observe.AuditSettings;
import dev.samd.daemon.observe.OnFailure;
import dev.samd.daemon.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    private static final Path SOCKET = Path.of("/run/samd/app.sock");
    private static final Path STATE = Path.of("/var/lib/samd");

    @Test
    void everyKeyIsRead() {
        SamdConfig config = SamdConfig.of(
                ConfigFile.parse(
                        "samd.yaml",
                        """
                        socket: /run/samd/app.sock
                        state_dir: /var/lib/samd
                        event_log_size: 1_000
                        stop_patience_seconds: 3
                        max_associations: 10
                        max_keys: 20
                        option_numbers:
                          record: 65001
                          rec_bind: 65005
                          payload_format: 65009
                        kmps:
                          ace: [uid:990, uid:991]
                          edhoc: uid:990
                        policies:
                          - {name: all, action: protect}
                        audit:
                          file: /var/log/samd/audit.log
                          on_failure: stop
                          queue: 7
                          rotate_size: 1_000_000
                          keep: 3
                          key: /mnt/audit.key
                        """),
                null,
                null);

        assertThat(config.socket()).isEqualTo(SOCKET);
        assertThat(config.stateDir()).isEqualTo(STATE);
        assertThat(config.eventLogSize()).isEqualTo(1000);
        assertThat(config.stopPatience()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.bounds().associations()).isEqualTo(10);
        assertThat(config.bounds().keys()).isEqualTo(20);
        assertThat(config.optionNumbers()).isEqualTo(new OptionNumbers(65_001, 65_005, 65_009));
        assertThat(config.kmpPrincipals())
                .isEqualTo(Map.of("ace", Set.of("uid:990", "uid:991"), "edhoc", Set.of("uid:990")));
        assertThat(config.policies()).extracting(Policy::name).containsExactly("all");
        assertThat(config.audit())
                .isEqualTo(new AuditSettings(
                        Path.of("/var/log/samd/audit.log"),
                        OnFailure.STOP,
                        7,
                        1_000_000,
                        3,
                        Path.of("/mnt/audit.key"),
                        STATE));
    }

    @Test
    void theCommandLineGoesBeforeTheFile() {
        Path other = Path.of("/other");

        SamdConfig config = SamdConfig.of(ConfigFile.parse("f", "{socket: /a, state_dir: /b}"), other, null);

        assertThat(config.socket()).isEqualTo(other);
        assertThat(config.stateDir()).isEqualTo(Path.of("/b"));
    }

    @Test
    void anEmptyFileSaysNothing() {
        assertThat(SamdConfig.of(ConfigFile.parse("f", ""), SOCKET, STATE)).isEqualTo(SamdConfig.at(SOCKET, STATE));
        assertThat(SamdConfig.of(ConfigFile.empty(), SOCKET, STATE)).isEqualTo(SamdConfig.at(SOCKET, STATE));
    }

    @Test
    void aPlaceThatIsSaidNowhereIsNamed() {
        assertThatThrownBy(() -> SamdConfig.of(ConfigFile.empty(), null, STATE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--socket");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "event_log_sise: 3                    | line 1: unknown key \"event_log_sise\"",
                "event_log_size: many                 | line 1: event_log_size is many",
                "event_log_size: 0                    | line 1: event_log_size is 0; a number of 1..",
                "event_log_size: [1, 2]               | line 1: event_log_size is not one value",
                "{max_keys: 1, max_keys: 2}           | line 1: key \"max_keys\" stands twice",
                "[1, 2]                               | line 1: keys with values expected",
                "option_numbers: 7                    | line 1: keys with values expected",
                "option_numbers: {recrod: 65001}      | line 1: unknown key \"recrod\"",
                "option_numbers: {record: 65002}      | line 1: DTLS-Record option number 65002",
                "kmps: [ace]                          | line 1: keys with values expected",
                "kmps: {ace: {uid: 1}}                | line 1: ace is not one value",
                "audit: {on_failure: panic}           | line 1: on_failure is panic; stop or count expected",
                "audit: {rotate_size: 1}              | line 1: rotate_size is 1; a number of 4096..",
                "audit: {fiel: /a}                    | line 1: unknown key \"fiel\"",
                "audit: {key: \"\"}                    | line 1: a path is expected",
                "socket: \"\"                         | line 1: socket is empty",
                "socket: [                            | is not YAML",
                "a: !!javax.script.ScriptEngine [b]   | is not YAML"
            })
    void whatCannotBeIsRefusedWithItsLine(String text, String message) {
        assertThatThrownBy(() -> SamdConfig.of(ConfigFile.parse("samd.yaml", text), SOCKET, STATE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("samd.yaml")
                .hasMessageContaining(message);
    }

    @Test
    void aPathThatIsNoneIsRefusedWithItsLine() {
        assertThatThrownBy(() -> ConfigFile.parse("f", "state_dir: /a\nsocket: \"\\0\"\n")
                        .path("socket"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("f line 2: socket is no path");
    }

    @Test
    void theLineIsThatOfTheKey() {
        assertThatThrownBy(() -> ConfigFile.parse("f", "socket: /a\n\nstate_dirr: /b\n"))
                .hasMessageStartingWith("f line 3: ");
    }

    @Test
    void aFileIsReadFromItsPlace(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("samd.yaml"), "socket: /a\n");

        assertThat(ConfigFile.read(file).path("socket")).isEqualTo(Path.of("/a"));
        assertThatThrownBy(() -> ConfigFile.read(directory.resolve("nowhere.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot be read");
    }
}
