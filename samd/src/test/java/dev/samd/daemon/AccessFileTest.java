// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.daemon.access.AccessRules;
import dev.samd.daemon.access.Quota;
import dev.samd.daemon.access.Role;
import dev.samd.daemon.access.Rule;
import dev.samd.daemon.grpc.TlsListen;
import dev.samd.sa.Direction;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessFileTest {
    private static AccessConfig read(String text) {
        return ConfigFile.parse("f", text).access();
    }

    @Test
    void everythingThatMayBeSaidIsRead() {
        AccessConfig access = read(
                """
                admin_socket: /run/samd/admin.sock
                listen: {tcp: "[::1]:7443", certificate: a.pem, key: a.key, client_ca: ca.pem, client_crl: ca.crl}
                access:
                  quota: {calls_per_second: 100, sas: 7, denials_per_second: 9}
                  rules:
                    - name: sensors
                      uid: [1000, 4294967294]
                      gid: 50
                      roles: [app, kmp]
                      endpoints: [host, "coap://Device-1:5683", "coap://sensor-*"]
                      grant: unprotect
                      kmps: [ace, manual]
                      quota: {watchers: 2}
                    - {name: ops, san: "spiffe://example.org/ops/*", roles: operator}
                """);

        assertThat(access.adminSocket()).isEqualTo(Path.of("/run/samd/admin.sock"));
        assertThat(access.tls())
                .isEqualTo(new TlsListen(
                        "::1", 7443, Path.of("a.pem"), Path.of("a.key"), Path.of("ca.pem"), Path.of("ca.crl")));
        Quota defaults = new Quota(
                100,
                Quota.DEFAULT.callsInFlight(),
                7,
                Quota.DEFAULT.larvalSas(),
                Quota.DEFAULT.pendingAcquires(),
                Quota.DEFAULT.watchers(),
                9);
        Quota own = new Quota(100, defaults.callsInFlight(), 7, defaults.larvalSas(), defaults.pendingAcquires(), 2, 9);
        assertThat(access.rules())
                .isEqualTo(new AccessRules(
                        List.of(
                                new Rule(
                                        "sensors",
                                        Set.of(1000, -2),
                                        Set.of(50),
                                        List.of(),
                                        Set.of(Role.APP, Role.KMP),
                                        List.of("host", "coap://device-1", "coap://sensor-*"),
                                        Set.of(Direction.INBOUND),
                                        List.of("ace", "manual"),
                                        own),
                                new Rule(
                                        "ops",
                                        Set.of(),
                                        Set.of(),
                                        List.of("spiffe://example.org/ops/*"),
                                        Set.of(Role.OPERATOR),
                                        List.of(),
                                        Set.of(Direction.values()),
                                        List.of(),
                                        null)),
                        defaults));
    }

    @Test
    void whatIsNotSaidIsNotOpened() {
        assertThat(read("")).isEqualTo(AccessConfig.NONE);
        assertThat(read("access: {}").rules()).isEqualTo(new AccessRules(List.of(), Quota.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{uid: 1, roles: auditor}                                   | name is missing",
                "{name: a, roles: auditor}                                  | rule \"a\" is for nobody",
                "{name: a, uid: 1, san: x, roles: auditor}                  | rule \"a\" fits nobody",
                "{name: a, uid: 1}                                          | roles is missing",
                "{name: a, uid: 1, roles: []}                               | roles is empty",
                "{name: a, uid: 1, roles: root}                             | \"root\" is no role",
                "{name: a, uid: alice, roles: auditor}                      | uid is alice",
                "{name: a, uid: 4294967295, roles: auditor}                 | uid is 4294967295",
                "{name: a, uid: 1, roles: app}                              | makes an app without endpoints",
                "{name: a, uid: 1, roles: kmp}                              | makes a kmp without kmps",
                "{name: a, uid: 1, roles: app, endpoints: device}           | endpoint \"device\"",
                "{name: a, uid: 1, roles: app, endpoints: '*', grant: seal} | \"seal\" is no grant",
                "{name: a, uid: 1, roles: kmp, kmps: ''}                    | an empty pattern fits nothing",
                "{name: a, uid: 1, roles: auditor, endpoints: '*'}          | this is for the role app",
                "{name: a, uid: 1, roles: auditor, kmps: ace}               | this is for the role kmp",
                "{name: a, uid: 1, roles: auditor, quota: {calls: 1}}       | unknown key \"calls\"",
                "{name: a, uid: 1, roles: auditor, quota: {sas: -1}}        | sas is -1"
            })
    void whatCannotBeIsRefusedWithItsLine(String rule, String message) {
        assertThatThrownBy(() -> read("access:\n  rules:\n    - " + rule))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("f line 3: ")
                .hasMessageContaining(message);
    }

    @Test
    void aNameStandsOnce() {
        String rule = "{name: a, uid: 1, roles: auditor}";

        assertThatThrownBy(() -> read("access: {rules: [" + rule + ", " + rule + "]}"))
                .hasMessageContaining("rule \"a\" stands twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{tcp: host, certificate: a, key: b, client_ca: c}      | tcp is host; HOST:PORT expected",
                "{tcp: 'h:70000', certificate: a, key: b, client_ca: c} | tcp is h:70000",
                "{tcp: 'h:1', certificate: a, key: b}                   | client_ca is missing"
            })
    void aListenerIsWhole(String listen, String message) {
        assertThatThrownBy(() -> read("listen: " + listen)).hasMessageContaining(message);
    }
}
