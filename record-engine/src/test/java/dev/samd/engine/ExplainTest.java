// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static dev.samd.engine.PolicyRule.Action.BYPASS;
import static dev.samd.engine.PolicyRule.Action.DISCARD;
import static dev.samd.engine.PolicyRule.Action.PROTECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapType;
import dev.samd.coap.PathPattern;
import dev.samd.engine.Candidate.Standing;
import dev.samd.engine.Finding.Door;
import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import dev.samd.sa.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What would happen, said without making it happen (T46). */
class ExplainTest {
    private static final Endpoint TARGET = Endpoint.parse("coap://example.com");

    private final ListedGate rules = new ListedGate();
    private final Host client = new Host(rules);
    private final Host server = new Host(rules);

    private void pairUp() {
        Sas.out("2b01").keys(1).pair(1).install(client.engine, 1);
        Sas.in("1645").keys(2).pair(1).install(client.engine, 2);
        Sas.in("2b01").peer("coap://device").keys(1).pair(1).install(server.engine, 1);
        Sas.out("1645").peer("coap://device").keys(2).pair(1).install(server.engine, 2);
    }

    private ProtectExplanation sending(String path) {
        return sending(Endpoint.HOST_WIDE, path);
    }

    private ProtectExplanation sending(Endpoint local, String path) {
        CoapMessage request = CoapMessage.of(
                CoapType.CON, 1, 0, Octets.EMPTY, PathPattern.parse(path).options(), Octets.EMPTY);
        return client.engine.explainProtect(local, TARGET, request, CallerRights.ALL);
    }

    private static byte[] get(String path) {
        return Host.get("example.com", path);
    }

    private UnprotectExplanation arriving(byte[] coap) {
        return arriving(server, coap);
    }

    private static UnprotectExplanation arriving(Host host, byte[] coap) {
        return host.engine.explainUnprotect(
                new UnprotectCall("uid:1", coap, Endpoint.HOST_WIDE, "explain", Host.NO_REFERENCE, Endpoint.HOST_WIDE),
                host.now);
    }

    private static List<Door> doors(UnprotectExplanation explained) {
        return explained.findings().stream().map(Finding::door).toList();
    }

    @Test
    void everyCandidateHasItsReason() {
        rules.out("/a", PROTECT, "ace");
        Lifetime one = new Lifetime(Limits.NONE, new Limits(Duration.ZERO, Duration.ZERO, 1, 0, 0));
        Sas.out("2b01").kmp("ace").lifetime(one).keys(1).install(client.engine, 1);
        client.protect(get("a"));
        Sas.out("2b02").kmp("ace").keys(2).install(client.engine, 2);
        Sas.out("2b03").kmp("ace").keys(3).install(client.engine, 3);
        Sas.out("2b04").kmp("ace").local("coap://mine").keys(4).install(client.engine, 4);
        Sas.out("2b05").kmp("codtls").keys(5).install(client.engine, 5);
        Sas.out("2b06").kmp("ace").content(Content.RAW, Form.NONE).keys(6).install(client.engine, 6);
        Sas.out("2b07")
                .kmp("ace")
                .pair(7)
                .waiting(Confirmation.RESPONDER_WAITS)
                .keys(7)
                .install(client.engine, 7);
        Sas.out("2b08")
                .kmp("ace")
                .pair(8)
                .waiting(Confirmation.INITIATOR_WAITS)
                .keys(8)
                .install(client.engine, 8);
        Sas.out("2b09").kmp("ace").keys(9).install(client.engine, 9);
        client.engine.state(new SaId(9), SaState.DYING);
        client.protectResult(get("b"), Host.NO_REFERENCE);
        Usage before = client.engine.usage(new SaId(3)).orElseThrow();

        ProtectExplanation explained = sending("/a");

        assertThat(explained.rule().name()).isEqualTo("out/a");
        assertThat(explained.refusal()).isEmpty();
        assertThat(explained.candidates())
                .containsExactly(
                        candidate(9, Standing.DYING),
                        candidate(8, Standing.UNCONFIRMED),
                        candidate(7, Standing.RESPONDER_WAITS),
                        candidate(6, Standing.RAW),
                        candidate(5, Standing.NOT_ADMITTED),
                        candidate(4, Standing.OTHER_LOCAL),
                        candidate(3, Standing.CHOSEN),
                        candidate(2, Standing.OLDER),
                        candidate(1, Standing.SPENT));
        assertThat(client.engine.usage(new SaId(3))).contains(before);
    }

    private static Candidate candidate(long id, Standing standing) {
        return new Candidate(new SaId(id), standing);
    }

    @Test
    void askingDoesNotSpendTheTryOfAPairWithoutConfirmation() {
        Sas.out("2b01").pair(1).keys(1).install(client.engine, 1);
        Sas.out("2b02")
                .pair(2)
                .supersedes(1)
                .waiting(Confirmation.INITIATOR_WAITS)
                .keys(2)
                .install(client.engine, 2);

        assertThat(sending("/a").candidates())
                .containsExactly(candidate(2, Standing.UNCONFIRMED), candidate(1, Standing.CHOSEN));
        assertThat(client.protect(get("a")).sa()).isEqualTo(new SaId(2));
    }

    @Test
    void refusalIsTheOneACallerGets() {
        rules.out("/secret", DISCARD).out("/open", BYPASS);
        Endpoint local = Endpoint.parse("coap://mine");

        assertThat(sending("/secret").refusal()).map(SaException::error).contains(SaError.DENIED_BY_POLICY);
        assertThat(sending("/open").refusal()).isEmpty();
        assertThat(sending("/open").candidates()).isEmpty();
        assertThat(sending(local, "/a").refusal())
                .map(Throwable::getMessage)
                .contains("there is no SA to coap://example.com at local endpoint coap://mine");
    }

    @Test
    void acceptedMessagePassesEveryDoorAndStaysNew() {
        rules.in("/led", PROTECT, "manual");
        pairUp();
        byte[] sent = client.protect(get("led")).coap();
        Usage before = server.engine.usage(new SaId(1)).orElseThrow();

        UnprotectExplanation explained = arriving(sent.clone());

        assertThat(doors(explained)).containsExactly(Door.SA, Door.RECORD, Door.TAG, Door.MESSAGE, Door.POLICY);
        assertThat(explained.refusal()).isEmpty();
        assertThat(explained.bypassed()).isFalse();
        assertThat(explained.sa()).contains(new SaId(1));
        assertThat(explained.rule()).map(PolicyRule::name).contains("in/led");
        assertThat(server.engine.usage(new SaId(1))).contains(before);
        assertThat(server.unprotect(sent).coap()).isEqualTo(get("led"));
    }

    @Test
    void messageThatWasAcceptedIsAReplayWithAGoodTag() {
        pairUp();
        byte[] sent = client.protect(get("led")).coap();
        server.unprotect(sent.clone());

        UnprotectExplanation explained = arriving(sent);

        assertThat(explained.refusal()).contains(DiscardReason.REPLAY);
        assertThat(explained.findings())
                .containsExactly(
                        Finding.open(Door.SA),
                        Finding.closed(Door.RECORD, DiscardReason.REPLAY),
                        Finding.open(Door.TAG),
                        Finding.open(Door.MESSAGE),
                        Finding.open(Door.POLICY));
    }

    @Test
    void badTagCountsAndSaysNothingOfTheInside() {
        rules.in("/led", DISCARD);
        pairUp();
        byte[] sent = client.protect(get("led")).coap();
        sent[sent.length - 1] ^= 1;

        UnprotectExplanation explained = arriving(sent);

        assertThat(explained.findings())
                .containsExactly(
                        Finding.open(Door.SA),
                        Finding.open(Door.RECORD),
                        Finding.closed(Door.TAG, DiscardReason.BAD_TAG));
        assertThat(explained.rule()).isEmpty();
        assertThat(server.engine.usage(new SaId(1)).orElseThrow().failedOpenings())
                .isEqualTo(1);
    }

    @Test
    void sixthDoorNamesItsRule() {
        rules.in("/led", PROTECT, "ace");
        pairUp();

        UnprotectExplanation explained = arriving(client.protect(get("led")).coap());

        assertThat(explained.refusal()).contains(DiscardReason.POLICY);
        assertThat(explained.rule()).map(PolicyRule::name).contains("in/led");
    }

    @Test
    void askingConfirmsNothing() {
        Sas.out("2b01").keys(1).pair(1).install(client.engine, 1);
        Sas.in("2b01")
                .peer("coap://device")
                .keys(1)
                .pair(1)
                .waiting(Confirmation.RESPONDER_WAITS)
                .install(server.engine, 1);

        assertThat(arriving(client.protect(get("a")).coap()).refusal()).isEmpty();

        assertThat(server.wear).doesNotContain("confirmed");
    }

    @Test
    void responseIsLookedAtUpToItsTag() {
        pairUp();
        Protected request = client.protect(get("led"));
        byte[] response = server.protect(
                        Host.response(0x45, "on"),
                        server.unprotect(request.coap()).reference())
                .coap();

        UnprotectExplanation explained = arriving(client, response.clone());

        assertThat(explained.findings())
                .containsExactly(
                        Finding.open(Door.SA),
                        Finding.closed(Door.BINDING, DiscardReason.BINDING_MISSING),
                        Finding.open(Door.RECORD),
                        Finding.open(Door.TAG));
        assertThat(Host.payloadOf(
                        client.unprotect(response, request.reference()).coap()))
                .isEqualTo("on");
    }

    @Test
    void clearMessagesAreHeldAgainstTheInboundRules() {
        rules.in("/open", BYPASS).in("/secret", DISCARD);

        assertThat(arriving(get("open")).bypassed()).isTrue();
        assertThat(arriving(get("open")).rule()).map(PolicyRule::name).contains("in/open");
        assertThat(arriving(get("secret")).findings())
                .containsExactly(Finding.closed(Door.CLEAR, DiscardReason.MALFORMED));
        assertThat(arriving(Host.put("example.com", "open", "x")).bypassed()).isTrue();
        assertThat(arriving(Host.put("example.com", "secret", "x")).rule())
                .map(PolicyRule::name)
                .contains("in/secret");
        assertThat(arriving(Host.response(0x45, "")).findings())
                .containsExactly(Finding.closed(Door.SIGNS, DiscardReason.MALFORMED));
    }

    @Test
    void messageForAnUnknownOrAnotherEndpointStopsThere() {
        pairUp();
        byte[] sent = client.protect(get("led")).coap();
        Host stranger = new Host();
        Host elsewhere = new Host();
        Sas.in("2b01").peer("coap://device").local("coap://mine").keys(1).install(elsewhere.engine, 1);

        assertThat(arriving(stranger, sent.clone()).findings())
                .containsExactly(Finding.closed(Door.SA, DiscardReason.NO_SUCH_SA));
        assertThat(arriving(elsewhere, sent).findings())
                .containsExactly(Finding.open(Door.SA), Finding.closed(Door.ENDPOINT, DiscardReason.WRONG_ENDPOINT));
        assertThat(elsewhere.engine.usage(new SaId(1)).orElseThrow().failedOpenings())
                .isZero();
    }

    /** Whatever is done to a message: the explanation and the doors agree. */
    @Test
    void explanationsAgreeWithTheDoors() {
        rules.in("/led", PROTECT, "ace");
        pairUp();
        byte[] led = client.protect(get("led")).coap();
        byte[] temp = client.protect(get("temp")).coap();
        for (byte[] message : List.of(led, temp)) {
            for (int i = 0; i < message.length; i++) {
                byte[] changed = message.clone();
                changed[i] ^= 1;
                assertAgreement(changed);
            }
            assertAgreement(message);
        }
    }

    private void assertAgreement(byte[] message) {
        server.now += 60_000_000_000L; // so that no throttle is between the two
        Optional<DiscardReason> explained;
        try {
            explained = arriving(message.clone()).refusal();
        } catch (SaException e) {
            explained = Optional.empty();
        }
        Optional<DiscardReason> met;
        try {
            UnprotectResult result = server.unprotectResult(message.clone(), Host.NO_REFERENCE);
            met = result instanceof Discarded discarded ? Optional.of(discarded.reason()) : Optional.empty();
        } catch (SaException e) {
            met = Optional.empty();
        }
        assertThat(explained).as(Octets.of(message).toHex()).isEqualTo(met);
    }
}
