// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static dev.samd.engine.PolicyRule.Action.BYPASS;
import static dev.samd.engine.PolicyRule.Action.DISCARD;
import static dev.samd.engine.PolicyRule.Action.PROTECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.CoapType;
import dev.samd.coap.OptionNumbers;
import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyGateTest {
    private static final Endpoint TARGET = Endpoint.parse("coap://example.com");
    private static final CoapOption MARKER = new CoapOption(OptionNumbers.DEFAULT.record(), Octets.EMPTY);

    private final ListedGate rules = new ListedGate();
    private final Host client = new Host(rules);
    private final Host server = new Host(rules);

    private void pairUp(String kmp) {
        Sas.out("2b01").kmp(kmp).keys(1).pair(1).install(client.engine, 1);
        Sas.in("1645").kmp(kmp).keys(2).pair(1).install(client.engine, 2);
        Sas.in("2b01").kmp(kmp).peer("coap://device").keys(1).pair(1).install(server.engine, 1);
        Sas.out("1645").kmp(kmp).peer("coap://device").keys(2).pair(1).install(server.engine, 2);
    }

    private static byte[] get(String path) {
        return Host.get("example.com", path);
    }

    private static byte[] message(int code, String payload, CoapOption... options) {
        return CoapMessage.of(CoapType.CON, code, 7, Octets.EMPTY, Arrays.asList(options), Host.octets(payload))
                .toOctets();
    }

    private static CoapOption path(String segment) {
        return CoapOption.ofText(CoapOption.URI_PATH, segment);
    }

    @Test
    void requestThatTheRuleBypassesLeavesAsItCame() {
        rules.out("/open", BYPASS);
        pairUp("manual");
        byte[] request = get("open");

        ProtectResult result = client.protectResult(request, Host.NO_REFERENCE);

        assertThat(result).isInstanceOfSatisfying(Bypassed.class, passed -> assertThat(passed.octets())
                .isEqualTo(get("open")));
        assertThat(client.engine.usage(new SaId(1))).map(Usage::records).contains(0L);
    }

    @Test
    void bypassNeedsNoSa() {
        rules.out("/open", BYPASS);

        assertThat(client.protectResult(get("open"), Host.NO_REFERENCE)).isInstanceOf(Bypassed.class);
    }

    @Test
    void requestThatTheRuleDiscardsIsRefusedByName() {
        rules.out("/secret", DISCARD);
        pairUp("manual");

        SaException e = catchThrowableOfType(SaException.class, () -> client.protect(get("secret")));

        assertThat(e.error()).isEqualTo(SaError.DENIED_BY_POLICY);
        assertThat(e).hasMessage("policy \"out/secret\" discards requests like this to coap://example.com");
        assertThat(client.engine.usage(new SaId(1))).map(Usage::records).contains(0L);
    }

    @Test
    void onlyAdmittedSasAreChosenThoughANewerOneStands() { // T40
        rules.out("/a", PROTECT, "ace");
        Sas.out("2b01").kmp("ace").keys(1).install(client.engine, 1);
        Sas.out("2b02").kmp("codtls").keys(2).install(client.engine, 2);

        assertThat(client.protect(get("a")).sa()).isEqualTo(new SaId(1));
        assertThat(client.protect(get("b")).sa()).isEqualTo(new SaId(2));
    }

    @Test
    void whatIsNeededToAskForAnSaIsInTheRefusal() {
        rules.out("/a", PROTECT, "ace");
        Sas.out("2b02").kmp("codtls").keys(2).install(client.engine, 2);
        Endpoint local = Endpoint.parse("coap://mine");

        NoUsableSaException e = catchThrowableOfType(
                NoUsableSaException.class,
                () -> client.engine.protect(
                        new ProtectCall("uid:1", get("a"), local, Endpoint.HOST_WIDE, Host.NO_REFERENCE), 0));

        assertThat(e.error()).isEqualTo(SaError.NO_USABLE_SA);
        assertThat(e.target()).isEqualTo(TARGET);
        assertThat(e.local()).isEqualTo(local);
        assertThat(e.rule().name()).isEqualTo("out/a");
        assertThat(e).hasMessage("none of the SAs may be used to coap://example.com at local endpoint coap://mine");
        assertThat(catchThrowableOfType(NoUsableSaException.class, () -> client.protect(Host.get("other", "a"))))
                .hasMessage("there is no SA to coap://other");
    }

    @Test
    void rawSasAloneAreTheWrongContentOnlyWhereTheRuleAdmitsThem() {
        rules.out("/a", PROTECT, "ace");
        Sas.out("2b02").content(Content.RAW, Form.NONE).keys(2).install(client.engine, 2);

        assertThat(catchThrowableOfType(SaException.class, () -> client.protect(get("b")))
                        .error())
                .isEqualTo(SaError.WRONG_CONTENT);
        assertThat(catchThrowableOfType(SaException.class, () -> client.protect(get("a"))))
                .isInstanceOf(NoUsableSaException.class);
    }

    @Test
    void requestOfAnotherKmpOpensAndDoesNotPassTheSixthDoor() { // T42
        rules.in("/led", PROTECT, "ace");
        pairUp("codtls");
        byte[] sent = client.protect(get("led")).coap();

        assertThat(server.discarded(sent, Host.NO_REFERENCE)).isEqualTo(discarded(DiscardReason.POLICY));
        assertThat(server.discarded(sent, Host.NO_REFERENCE).reason())
                .as("its number is consumed")
                .isEqualTo(DiscardReason.REPLAY);
        Usage usage = server.engine.usage(new SaId(1)).orElseThrow();
        assertThat(usage.records()).isEqualTo(1);
        assertThat(usage.failedOpenings()).isZero();
        assertThat(usage.discarded()).containsEntry(DiscardReason.POLICY, 1L);
        assertThat(server.unprotect(client.protect(get("temp")).coap()).coap()).isEqualTo(get("temp"));
    }

    private static Discarded discarded(DiscardReason reason) {
        return Discarded.of(reason, Optional.of(new SaId(1)), true);
    }

    @Test
    void sixthDoorLooksAtTheInnerPath() { // T42
        rules.in("/admin/x", DISCARD);
        pairUp("manual");
        byte[] oneSegment = client.protect(get("admin/x")).coap();
        byte[] twoSegments = client.protect(message(
                        1,
                        "",
                        new CoapOption(CoapOption.URI_HOST, Host.octets("example.com")),
                        path("admin"),
                        path("x")))
                .coap();

        assertThat(server.unprotectResult(oneSegment, Host.NO_REFERENCE)).isInstanceOf(Unprotected.class);
        assertThat(server.discarded(twoSegments, Host.NO_REFERENCE).reason()).isEqualTo(DiscardReason.POLICY);
    }

    @Test
    void requestThatMayComeInClearMayComeProtectedAsWell() {
        rules.in("/open", BYPASS);
        pairUp("codtls");

        assertThat(server.unprotect(client.protect(get("open")).coap()).coap()).isEqualTo(get("open"));
    }

    @Test
    void responseIsNotHeldAgainstTheInboundRules() {
        pairUp("manual");
        Protected request = client.protect(get("led"));
        byte[] response = server.protect(
                        Host.response(0x45, "on"),
                        server.unprotect(request.coap()).reference())
                .coap();
        rules.in("/**", DISCARD);

        assertThat(Host.payloadOf(
                        client.unprotect(response, request.reference()).coap()))
                .isEqualTo("on");
    }

    @Test
    void clearRequestPassesWhereTheRuleLetsItAndNowhereElse() {
        rules.in("/open", BYPASS).in("/secret", DISCARD);
        byte[] withoutPayload = message(1, "", path("open"));
        byte[] withPayload = message(2, "hello", path("open"));

        assertThat(server.unprotectResult(withoutPayload, Host.NO_REFERENCE))
                .isInstanceOfSatisfying(
                        Bypassed.class, passed -> assertThat(passed.octets()).isEqualTo(message(1, "", path("open"))));
        assertThat(server.unprotectResult(withPayload, Host.NO_REFERENCE)).isInstanceOf(Bypassed.class);
        for (byte[] refused : List.of(
                message(1, "", path("other")),
                message(2, "hello", path("other")),
                message(1, "", path("secret")),
                message(1, "", path("open"), path("x")))) {
            assertThat(server.unprotectResult(refused, Host.NO_REFERENCE)).isInstanceOf(Discarded.class);
        }
    }

    @Test
    void clearResponseNeverPasses() {
        rules.in("/**", BYPASS);

        assertThat(server.unprotectResult(Host.response(0x45, "x"), Host.NO_REFERENCE))
                .isInstanceOf(Discarded.class);
    }

    @Test
    void markOfAProtectedMessageNeverCountsAsClear() {
        rules.in("/**", BYPASS);
        CoapOption recBind = new CoapOption(OptionNumbers.DEFAULT.recBind(), Octets.ofHex("0001000000000000"));
        CoapOption filledMarker = new CoapOption(OptionNumbers.DEFAULT.record(), Octets.ofHex("01"));
        CoapOption format = CoapOption.ofUint(CoapOption.CONTENT_FORMAT, OptionNumbers.DEFAULT.payloadFormat());
        CoapOption oscore = new CoapOption(CoapOption.OSCORE, Octets.EMPTY);

        for (byte[] marked : List.of(
                message(2, "x", path("a"), MARKER),
                message(2, "", path("a"), MARKER),
                message(2, "x", path("a"), filledMarker),
                message(2, "x", path("a"), MARKER, MARKER),
                message(2, "x", path("a"), recBind),
                message(2, "x", path("a"), format),
                message(2, "", path("a"), format),
                message(2, "x", oscore, path("a"), format))) {
            assertThat(server.unprotectResult(marked, Host.NO_REFERENCE))
                    .as(Octets.of(marked).toHex())
                    .isInstanceOf(Discarded.class);
        }
    }

    @Test
    void requestForAProxyIsNotTheOneWhosePathTheRuleSees() {
        rules.in("/**", BYPASS);

        assertThat(server.unprotectResult(
                        message(1, "", CoapOption.ofText(CoapOption.PROXY_URI, "coap://x/secret"), path("open")),
                        Host.NO_REFERENCE))
                .isInstanceOf(Discarded.class);
        assertThat(server.unprotectResult(
                        message(1, "", path("open"), CoapOption.ofText(CoapOption.PROXY_SCHEME, "coap")),
                        Host.NO_REFERENCE))
                .isInstanceOf(Discarded.class);
    }

    @Test
    void payloadThatLooksLikeARecordMakesNoProtectedMessage() {
        rules.in("/relay", BYPASS);
        pairUp("manual");
        byte[] record = CoapMessage.parse(client.protect(get("a")).coap()).payload();
        CoapMessage relayed =
                CoapMessage.of(CoapType.CON, 2, 7, Octets.EMPTY, List.of(path("relay")), Octets.of(record));
        CoapMessage stripped = CoapMessage.of(CoapType.CON, 2, 7, Octets.EMPTY, List.of(path("a")), Octets.of(record));

        assertThat(server.unprotectResult(relayed.toOctets(), Host.NO_REFERENCE))
                .isInstanceOf(Bypassed.class);
        assertThat(server.discarded(stripped.toOctets(), Host.NO_REFERENCE).reason())
                .isEqualTo(DiscardReason.MALFORMED);
        assertThat(server.engine.usage(new SaId(1)).orElseThrow().records()).isZero();
    }

    @Test
    void saOutOfScopeIsNotChosenAndComesBackInItsPlace() { // T41
        Sas.out("2b01").keys(1).install(client.engine, 1);
        Sas.out("2b02").keys(2).install(client.engine, 2);
        Sas.out("2b03").keys(3).install(client.engine, 3);

        client.engine.scope(new SaId(3), Set.of());
        client.engine.scope(new SaId(2), Set.of());
        assertThat(client.protect(get("a")).sa()).isEqualTo(new SaId(1));

        client.engine.scope(new SaId(2), Set.of(TARGET));
        assertThat(client.protect(get("a")).sa())
                .as("newer than 1, older than 3")
                .isEqualTo(new SaId(2));

        client.engine.scope(new SaId(3), Set.of(TARGET, Endpoint.parse("coap://other")));
        client.engine.scope(new SaId(2), Set.of(TARGET));
        assertThat(client.protect(get("a")).sa()).isEqualTo(new SaId(3));
        assertThat(client.protect(Host.get("other", "a")).sa()).isEqualTo(new SaId(3));

        client.engine.retire(new SaId(3));
        assertThat(client.protect(get("a")).sa()).isEqualTo(new SaId(2));
        assertThat(catchThrowableOfType(SaException.class, () -> client.protect(Host.get("other", "a")))
                        .error())
                .isEqualTo(SaError.NO_USABLE_SA);
    }

    @Test
    void saOutOfScopeStillAnswersOnItsPair() { // T39
        pairUp("manual");
        server.engine.scope(new SaId(2), Set.of());
        server.engine.scope(new SaId(1), Set.of());
        Protected request = client.protect(get("a"));

        Unprotected arrived = server.unprotect(request.coap());
        byte[] response =
                server.protect(Host.response(0x45, "x"), arrived.reference()).coap();

        assertThat(arrived.scope()).isEmpty();
        assertThat(client.unprotect(response, request.reference()).sa()).isEqualTo(new SaId(2));
        assertThat(catchThrowableOfType(SaException.class, () -> server.protect(Host.get("device", "a")))
                        .error())
                .isEqualTo(SaError.NO_USABLE_SA);
    }
}
