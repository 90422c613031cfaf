// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.coap.PathPattern;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.policy.PolicySelector;
import dev.samd.engine.PolicyRule.Action;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyConfigTest {
    private static List<Policy> read(String text) {
        return ConfigFile.parse("samd.yaml", text).policies();
    }

    @Test
    void everyKeyIsRead() {
        List<Policy> policies = read(
                """
                policies:
                  - name: sensors
                    direction: outbound
                    local: coap://gateway
                    peer: coap://sensor-*
                    methods: [GET, put]
                    path: /temp/**
                    action: protect
                    kmp: [ace, manual]
                    identities:
                      - sensor-*
                      - {kmp: ace, type: token, issuer: "as.example", value: "{host}"}
                    suites: [AES_128_GCM, c0a8, 0xc0a4, TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256]
                    content: message
                    form: draft_exact
                    lifetime:
                      soft: {add_time: 50m, use_time: 90s, records: 1_000, octets: 5000, failed_openings: 3}
                      hard: {add_time: 1h, use_time: 7d}
                    window: 256
                    reqid: 4294967295
                  - name: rest
                    action: discard
                    content: payload
                """);

        assertThat(policies.get(0).selector())
                .isEqualTo(new PolicySelector(
                        Optional.of(Direction.OUTBOUND),
                        Endpoint.parse("coap://gateway"),
                        "coap://sensor-*",
                        1 << 1 | 1 << 3,
                        PathPattern.parse("/temp/**")));
        assertThat(policies.get(0).entry())
                .isEqualTo(new PolicyEntry(
                        "sensors",
                        Action.PROTECT,
                        List.of("ace", "manual"),
                        List.of(
                                new IdentityPattern("", Optional.empty(), "", "sensor-*"),
                                new IdentityPattern("ace", Optional.of(IdentityType.TOKEN), "as.example", "{host}")),
                        List.of(
                                CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
                                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                                CipherSuite.TLS_PSK_WITH_AES_128_CCM,
                                CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256),
                        Content.MESSAGE,
                        Form.DRAFT_EXACT,
                        new Lifetime(
                                new Limits(Duration.ofMinutes(50), Duration.ofSeconds(90), 1000, 5000, 3),
                                new Limits(Duration.ofHours(1), Duration.ofDays(7), 0, 0, 0)),
                        256,
                        -1,
                        Duration.ZERO));
        assertThat(policies.get(1).selector()).isEqualTo(PolicySelector.ALL);
        assertThat(policies.get(1).entry().form()).isEqualTo(Form.NONE);
    }

    @Test
    void whatIsNotSaidIsTheDefault() {
        Policy policy =
                read("policies: [{name: p, action: bypass, direction: both}]").get(0);

        assertThat(policy.selector()).isEqualTo(PolicySelector.ALL);
        assertThat(policy.entry().kmps()).containsExactly("manual");
        assertThat(policy.entry().identities()).isEmpty();
        assertThat(policy.entry().suites()).isEqualTo(PolicyEntry.ALL_SUITES);
        assertThat(policy.entry().content()).isEqualTo(Content.MESSAGE);
        assertThat(policy.entry().form()).isEqualTo(Form.SAMD);
        assertThat(policy.entry().lifetime()).isEqualTo(Lifetime.UNLIMITED);
        assertThat(policy.entry().window()).isEqualTo(128);
        assertThat(policy.entry().reqid()).isZero();
        assertThat(policy.entry().fresh()).isZero();
        assertThat(read("socket: /a")).isEmpty();
    }

    @Test
    void freshnessIsATime() {
        Policy policy = read("policies: [{name: led, direction: inbound, action: protect, fresh: 30s}]")
                .get(0);

        assertThat(policy.entry().fresh()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acton: protect                    | line 4: unknown key \"acton\"; known are [action, content,",
                "name: q                           | line 4: key \"name\" stands twice",
                "direction: up                     | line 4: \"up\" is none of [inbound, outbound]",
                "local: http://a                   | line 4: endpoint \"http://a\" is not scheme",
                "peer: sensor-*                    | line 4: peer pattern \"sensor-*\" fits no name",
                "methods: [GET, LOOK]              | line 4: method \"LOOK\" is none of",
                "path: temp                        | line 4: path \"temp\" does not begin with /",
                "kmp: [Ace]                        | line 2: KMP name \"Ace\"",
                "identities: [{valu: x}]           | line 4: unknown key \"valu\"",
                "identities: [{type: badge}]       | line 4: \"badge\" is none of [manual, psk,",
                "suites: [AES_512]                 | line 4: cipher suite \"AES_512\" is not supported",
                "content: octets                   | line 4: \"octets\" is none of [message, payload, raw]",
                "content: raw                      | line 2: content RAW with form NONE is not of requests",
                "form: none                        | line 2: content MESSAGE with form NONE",
                "lifetime: 1h                      | line 4: keys with values expected: [hard, soft]",
                "lifetime: {soft: {add_time: 1}}   | line 4: \"1\" is no duration; write 90s, 30m, 12h or 7d",
                "lifetime: {hard: {add_time: -1h}} | line 4: \"-1h\" is no duration",
                "lifetime: {hard: {add_time: 99999d}} | line 4: limit of time is",
                "lifetime: {hard: {records: -1}}   | line 4: records is -1; a number of 0..",
                "lifetime: {hard: {time: 1h}}      | line 4: unknown key \"time\"",
                "window: 100                       | line 2: replay window of 100 records",
                "window: 1                         | line 4: window is 1; a number of 64..4096",
                "reqid: 4294967296                 | line 4: reqid is 4294967296",
                "fresh: 30                         | line 4: \"30\" is no duration; write 90s, 30m, 12h or 7d",
                "fresh: 0s                         | line 4: fresh is 0s; 1s..1d expected",
                "fresh: 2d                         | line 2: policy \"p\" asks for fresh within PT48H; 1s..1d expected",
                "fresh: 30s                        | line 2: policy \"p\" says fresh, which is for direction inbound",
            })
    void whatCannotBeIsRefusedWithItsLine(String line, String message) {
        String text = "policies:\n  - name: p\n    action: protect\n    " + line + "\n";

        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("samd.yaml ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{action: protect}                    | line 1: policy without name",
                "{name: p}                            | line 1: policy without action",
                "{name: p, action: encrypt}           | line 1: \"encrypt\" is none of [protect, bypass, discard]",
                "{name: P, action: protect}           | line 1: policy name \"P\" is not",
                "protect                              | line 1: keys with values expected",
            })
    void policyHasAtLeastANameAndAnAction(String policy, String message) {
        assertThatThrownBy(() -> read("policies: [" + policy + "]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void secondOfANameIsRefusedWithItsLine() {
        String text = "policies:\n  - {name: p, action: protect}\n  - {name: p, action: bypass}\n";

        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigException.class)
                .hasMessage("samd.yaml line 3: there is a policy \"p\" already");
    }
}
