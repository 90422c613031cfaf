// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyDirection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PoliciesTest {
    private static final Policy EVERYTHING_SAID = new Policy(
            "sensors",
            new PolicySelector(
                    Optional.of(Direction.OUTBOUND),
                    Endpoint.parse("coap://gateway"),
                    "coap://sensor-*",
                    List.of("GET", "PUT"),
                    "/a/**"),
            Policy.Action.PROTECT,
            List.of("ace", "manual"),
            List.of(
                    new IdentityPattern("ace", Optional.of(IdentityType.TOKEN), "coaps://as.example", "{host}"),
                    IdentityPattern.ANY),
            new SaTemplate(
                    List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8),
                    Content.PAYLOAD,
                    Form.NONE,
                    new Lifetime(
                            new Limits(Duration.ofMinutes(50), Duration.ZERO, 10, 0, 0),
                            new Limits(Duration.ofHours(1), Duration.ofMinutes(5), 20, 30, 40)),
                    256,
                    -1),
            Duration.ofSeconds(30));

    @TempDir
    Path directory;

    private final FakePolicies service = new FakePolicies();
    private FakeDaemon daemon;
    private SamdClient client;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), service);
        client = SamdClient.connect(directory.resolve("s"));
    }

    @AfterEach
    void stop() {
        client.close();
        daemon.close();
    }

    @Test
    void everythingThatAPolicySaysGoesAndComesBack() {
        client.policies().add(EVERYTHING_SAID);

        dev.samd.v1.Policy sent = service.policies().get(0);
        assertThat(sent.getSelector().getDirection()).isEqualTo(PolicyDirection.POLICY_DIRECTION_OUTBOUND);
        assertThat(sent.getSelector().getLocal()).isEqualTo("coap://gateway");
        assertThat(sent.getSelector().getPeer()).isEqualTo("coap://sensor-*");
        assertThat(sent.getSelector().getMethodsList()).containsExactly("GET", "PUT");
        assertThat(sent.getSelector().getPath()).isEqualTo("/a/**");
        assertThat(sent.getAction()).isEqualTo(PolicyAction.POLICY_ACTION_PROTECT);
        assertThat(sent.getKmpsList()).containsExactly("ace", "manual");
        assertThat(sent.getIdentities(0).getIssuer()).isEqualTo("coaps://as.example");
        assertThat(sent.getSuitesList()).containsExactly(0xc0a4, 0xc0a8);
        assertThat(sent.getLifetime().getHard().getAddTime().getSeconds()).isEqualTo(3_600);
        assertThat(sent.getWindow()).isEqualTo(256);
        assertThat(sent.getReqid()).isEqualTo(-1);
        assertThat(client.policies().get("sensors")).isEqualTo(EVERYTHING_SAID);
    }

    @Test
    void whatIsNotSaidIsTheDefault() {
        service.put(dev.samd.v1.Policy.newBuilder()
                .setName("rest")
                .setAction(PolicyAction.POLICY_ACTION_DISCARD)
                .build());

        assertThat(client.policies().list())
                .containsExactly(Policy.of("rest", Policy.Action.DISCARD, PolicySelector.ANY));
    }

    @Test
    void orderIsTheOneThatWasAskedFor() {
        client.policies().add(bypass("b"));
        client.policies().add(bypass("c"));
        client.policies().add(bypass("a"), "b");

        assertThat(client.policies().list()).extracting(Policy::name).containsExactly("a", "b", "c");
    }

    @Test
    void updateReplacesInPlace() {
        client.policies().add(bypass("a"));
        client.policies().add(bypass("b"));
        Policy other = Policy.of("a", Policy.Action.PROTECT, PolicySelector.outbound("coap://x"))
                .withKmps("ace")
                .withIdentities(IdentityPattern.ANY)
                .withTemplate(SaTemplate.ANY);

        client.policies().update(other);

        assertThat(client.policies().list()).containsExactly(other, bypass("b"));
    }

    @Test
    void deleteAndFlushTakeOut() {
        client.policies().add(bypass("a"));
        client.policies().add(bypass("b"));
        client.policies().add(bypass("c"));

        client.policies().delete("b");

        assertThat(client.policies().list()).extracting(Policy::name).containsExactly("a", "c");
        assertThat(client.policies().flush()).isEqualTo(2);
        assertThat(client.policies().list()).isEmpty();
    }

    @Test
    void refusalsComeAsThemselves() {
        client.policies().add(bypass("a"));

        assertThat(refusal(() -> client.policies().add(bypass("a"))).error()).isEqualTo(SaError.POLICY_EXISTS);
        assertThat(refusal(() -> client.policies().add(bypass("b"), "z")).subject())
                .isEqualTo("z");
        assertThat(refusal(() -> client.policies().update(bypass("z"))).error()).isEqualTo(SaError.NO_SUCH_POLICY);
        assertThat(refusal(() -> client.policies().get("z")).error()).isEqualTo(SaError.NO_SUCH_POLICY);
        assertThat(refusal(() -> client.policies().delete("z"))).hasMessage("no policy of the name z");
    }

    @Test
    void suiteOfALaterVersionIsNotTakenForAnother() {
        service.put(dev.samd.v1.Policy.newBuilder()
                .setName("new")
                .setAction(PolicyAction.POLICY_ACTION_PROTECT)
                .addSuites(0x1301)
                .build());

        assertThat(catchThrowableOfType(
                        SamdUnavailableException.class, () -> client.policies().list()))
                .hasMessageContaining("answers what this client does not know")
                .hasMessageContaining("1301");
    }

    private static Policy bypass(String name) {
        return Policy.of(name, Policy.Action.BYPASS, PolicySelector.inbound("/.well-known/core"));
    }

    private static SaException refusal(Runnable call) {
        return catchThrowableOfType(SaException.class, call::run);
    }
}
