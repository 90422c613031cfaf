// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

import static dev.samd.daemon.policy.PolicyFixture.SENSOR;
import static dev.samd.daemon.policy.PolicyFixture.bypass;
import static dev.samd.daemon.policy.PolicyFixture.discard;
import static dev.samd.daemon.policy.PolicyFixture.manual;
import static dev.samd.daemon.policy.PolicyFixture.protect;
import static dev.samd.daemon.policy.PolicyFixture.sa;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.daemon.policy.PolicyEntry.Objection;
import dev.samd.engine.PolicyRule.Action;
import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyEntryTest {
    @Test
    void whatIsEmptyStandsForTheDefault() {
        PolicyEntry entry = protect("p").entry();

        assertThat(entry.kmps()).containsExactly("manual");
        assertThat(entry.askable()).isEmpty();
        assertThat(entry.suites()).containsExactlyElementsOf(PolicyEntry.ALL_SUITES);
        assertThat(entry.admits(manual("coap://sensor-1"), SENSOR)).isTrue();
        assertThat(entry.admits(sa("ace", "sensor-1").parameters(), SENSOR)).isFalse();
    }

    @Test
    void suitesWithShortTagsComeLast() {
        List<Integer> tags = PolicyEntry.ALL_SUITES.stream()
                .map(CipherSuite::aead)
                .map(AeadAlgorithm::tagLength)
                .toList();

        assertThat(PolicyEntry.ALL_SUITES).containsExactlyInAnyOrder(CipherSuite.values());
        assertThat(tags.get(0)).isEqualTo(16);
        assertThat(tags.get(tags.size() - 1)).isEqualTo(8);
        assertThat(tags).isSortedAccordingTo((a, b) -> b - a);
    }

    @Test
    void kmpsThatCanBeAskedKeepTheirOrder() {
        assertThat(protect("p").kmps("edhoc", "manual", "ace").entry().askable())
                .containsExactly("edhoc", "ace");
    }

    @ParameterizedTest
    @CsvSource({
        "sensor-1,         true",
        "coap://sensor-1,  true",
        "sensor-2,         false",
        "Sensor-1,         false",
        "*,                false",
    })
    void withoutIdentitiesWhoBearsThePeersNameMayBeIt(String value, boolean accepted) {
        PolicyEntry entry = protect("p").kmps("ace").entry();
        Identity identity = new Identity("ace", IdentityType.TOKEN, "as", value);

        assertThat(entry.accepts(identity, SENSOR)).isEqualTo(accepted);
        assertThat(entry.acceptable(SENSOR).stream().anyMatch(pattern -> pattern.fits(identity, SENSOR)))
                .as("what the ACQUIRE says")
                .isEqualTo(accepted);
    }

    @Test
    void starInAPeersNameIsNoPattern() {
        PolicyEntry entry = protect("p").kmps("ace").entry();
        Endpoint starred = Endpoint.parse("coap://sensor-*");
        Identity other = new Identity("ace", IdentityType.TOKEN, "", "sensor-1");

        assertThat(entry.accepts(other, starred)).isFalse();
        assertThat(entry.acceptable(starred)).noneMatch(pattern -> pattern.fits(other, starred));
    }

    @Test
    void whatAnSaLacksIsNamed() {
        PolicyEntry entry = protect("p")
                .kmps("ace")
                .suites(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256)
                .entry();

        assertThat(entry.objection(sa("ace", "sensor-1").parameters(), SENSOR)).isEmpty();
        assertThat(entry.objection(sa("edhoc", "sensor-1").parameters(), SENSOR))
                .contains(Objection.KMP);
        assertThat(entry.objection(sa("ace", "x").parameters(), SENSOR)).contains(Objection.IDENTITY);
        assertThat(entry.objection(
                        sa("ace", "sensor-1")
                                .suite(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8)
                                .parameters(),
                        SENSOR))
                .contains(Objection.SUITE);
        assertThat(entry.objection(sa("ace", "sensor-1").payload().parameters(), SENSOR))
                .contains(Objection.CONTENT);
        assertThat(protect("p")
                        .kmps("ace")
                        .draftExact()
                        .entry()
                        .objection(sa("ace", "sensor-1").parameters(), SENSOR))
                .contains(Objection.FORM);
        assertThat(protect("p")
                        .kmps("ace")
                        .payload()
                        .entry()
                        .admits(sa("ace", "sensor-1").payload().parameters(), SENSOR))
                .isTrue();
    }

    private static SaException refused(String name, List<String> kmps, Content content, Form form, int window) {
        return catchThrowableOfType(
                SaException.class,
                () -> new PolicyEntry(
                        name,
                        Action.PROTECT,
                        kmps,
                        List.of(),
                        List.of(),
                        content,
                        form,
                        Lifetime.UNLIMITED,
                        window,
                        0,
                        Duration.ZERO));
    }

    @Test
    void freshnessIsForProtectedMessagesThatArriveAndForATime() {
        Duration within = Duration.ofSeconds(30);

        assertThat(errorOf(protect("p").inbound().fresh(Duration.ofMillis(999))))
                .hasMessage("policy \"p\" asks for fresh within PT0.999S; 1s..1d expected");
        assertThat(errorOf(protect("p").inbound().fresh(Duration.ofDays(1).plusNanos(1))))
                .hasMessageContaining("1s..1d expected");
        assertThat(errorOf(bypass("p").inbound().fresh(within)))
                .hasMessage("policy \"p\" says BYPASS and fresh, which is for what is protected");
        assertThat(errorOf(discard("p").inbound().fresh(within))).hasMessageContaining("says DISCARD and fresh");
        assertThat(errorOf(protect("p").payload().inbound().fresh(within)))
                .hasMessage("policy \"p\" says content PAYLOAD, which has no Echo inside, and fresh");
        assertThat(errorOf(protect("p").outbound().fresh(within)))
                .hasMessage("policy \"p\" says fresh, which is for direction inbound alone");
        assertThat(errorOf(protect("p").fresh(within))).hasMessageContaining("direction inbound alone");
        assertThat(protect("p")
                        .inbound()
                        .fresh(Duration.ofSeconds(1))
                        .policy()
                        .entry()
                        .fresh())
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(protect("p")
                        .inbound()
                        .draftExact()
                        .fresh(Duration.ofDays(1))
                        .policy()
                        .entry()
                        .fresh())
                .isEqualTo(Duration.ofDays(1));
    }

    private static SaException errorOf(PolicyFixture.Draft draft) {
        return catchThrowableOfType(SaException.class, draft::policy);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThat(refused("", List.of(), Content.MESSAGE, Form.SAMD, 128)).hasMessageContaining("policy name \"\"");
        assertThat(refused("A b", List.of(), Content.MESSAGE, Form.SAMD, 128)).hasMessageContaining("\"A b\"");
        assertThat(refused("a".repeat(65), List.of(), Content.MESSAGE, Form.SAMD, 128)
                        .error())
                .isEqualTo(SaError.MALFORMED);
        assertThat(refused("p", List.of("A"), Content.MESSAGE, Form.SAMD, 128)).hasMessageContaining("KMP name \"A\"");
        assertThat(refused("p", List.of("a", "a"), Content.MESSAGE, Form.SAMD, 128))
                .hasMessageContaining("kmps names something twice");
        assertThat(refused("p", List.of(), Content.RAW, Form.NONE, 128).error()).isEqualTo(SaError.WRONG_CONTENT);
        assertThat(refused("p", List.of(), Content.PAYLOAD, Form.SAMD, 128).error())
                .isEqualTo(SaError.WRONG_CONTENT);
        assertThat(refused("p", List.of(), Content.MESSAGE, Form.NONE, 128).error())
                .isEqualTo(SaError.WRONG_CONTENT);
        assertThat(refused("p", List.of(), Content.MESSAGE, Form.SAMD, 100).error())
                .isEqualTo(SaError.INVALID_WINDOW);
    }
}
