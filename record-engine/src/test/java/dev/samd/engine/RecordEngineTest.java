// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import dev.samd.sa.Usage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordEngineTest {
    private static final CoapOption OBSERVE_REGISTER = new CoapOption(CoapOption.OBSERVE, Octets.EMPTY);

    private final Host client = new Host();
    private final Host server = new Host();

    /** Client and server with one pair: requests under SPI 2b01, responses under SPI 1645. */
    private void pairUp() {
        pairUp(1, 0, "2b01", "1645", 10);
    }

    private void pairUp(long pair, long supersedes, String toServer, String toClient, int seed) {
        Sas.out(toServer).keys(seed).pair(pair).supersedes(supersedes).install(client.engine, pair * 10);
        Sas.in(toClient).keys(seed + 5).pair(pair).supersedes(supersedes).install(client.engine, pair * 10 + 1);
        Sas.in(toServer)
                .peer("coap://device")
                .keys(seed)
                .pair(pair)
                .supersedes(supersedes)
                .install(server.engine, pair * 10);
        Sas.out(toClient)
                .peer("coap://device")
                .keys(seed + 5)
                .pair(pair)
                .supersedes(supersedes)
                .install(server.engine, pair * 10 + 1);
    }

    private static SaError errorOf(Runnable call) {
        try {
            call.run();
        } catch (SaException e) {
            return e.error();
        }
        throw new AssertionError("nothing was refused");
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void requestAndResponseTravelUnderEverySuite(CipherSuite suite) {
        Sas.out("2b01").suite(suite).keys(1).pair(1).install(client.engine, 1);
        Sas.in("1645").suite(suite).keys(2).pair(1).install(client.engine, 2);
        Sas.in("2b01").suite(suite).keys(1).pair(1).peer("coap://device").install(server.engine, 1);
        Sas.out("1645").suite(suite).keys(2).pair(1).peer("coap://device").install(server.engine, 2);
        byte[] original = Host.put("example.com", "led", "on");

        Protected request = client.protect(original);
        Unprotected arrived = server.unprotect(request.coap());
        Protected response = server.protect(Host.response(0x44, "done"), arrived.reference());
        Unprotected answered = client.unprotect(response.coap(), request.reference());

        assertThat(arrived.coap()).isEqualTo(original);
        assertThat(arrived.peer()).isEqualTo(Endpoint.parse("coap://device"));
        assertThat(Host.payloadOf(answered.coap())).isEqualTo("done");
        assertThat(Octets.of(request.coap()).toHex())
                .doesNotContain(Host.octets("led").toHex());
    }

    @Test
    void payloadSaLeavesPathOpenAndBindsTheResponse() {
        for (Host host : new Host[] {client, server}) {
            boolean isClient = host == client;
            String peer = isClient ? "coap://example.com" : "coap://device";
            (isClient ? Sas.out("2b01") : Sas.in("2b01"))
                    .peer(peer)
                    .content(Content.PAYLOAD, Form.NONE)
                    .keys(1)
                    .pair(1)
                    .install(host.engine, 1);
            (isClient ? Sas.in("1645") : Sas.out("1645"))
                    .peer(peer)
                    .content(Content.PAYLOAD, Form.NONE)
                    .keys(2)
                    .pair(1)
                    .install(host.engine, 2);
        }

        Protected request = client.protect(Host.put("example.com", "led", "on"));
        Unprotected arrived = server.unprotect(request.coap());
        Protected response = server.protect(Host.response(0x44, "done"), arrived.reference());

        assertThat(CoapMessage.parse(request.coap()).option(CoapOption.URI_PATH))
                .contains(Host.octets("led"));
        assertThat(arrived.coap()).isEqualTo(Host.put("example.com", "led", "on"));
        assertThat(Host.payloadOf(
                        client.unprotect(response.coap(), request.reference()).coap()))
                .isEqualTo("done");
    }

    @Test
    void draftExactWithoutConnectionIdIsFoundByItsTwoEnds() {
        Sas.out("01")
                .noConnectionId()
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .keys(1)
                .install(client.engine, 1);
        Sas.in("01")
                .noConnectionId()
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .peer("coap://device")
                .keys(1)
                .install(server.engine, 1);
        byte[] original = Host.get("example.com", "temp");

        byte[] sent = client.protect(original).coap();
        UnprotectResult unnamed = server.unprotectResult(sent, Host.NO_REFERENCE);
        UnprotectResult named = server.engine.unprotect(
                new UnprotectCall(
                        "uid:1", sent, Endpoint.HOST_WIDE, "", Host.NO_REFERENCE, Endpoint.parse("coap://device")),
                0);

        assertThat(sent[1]).isEqualTo((byte) 0x01);
        assertThat(((Discarded) unnamed).reason()).isEqualTo(DiscardReason.NO_SUCH_SA);
        assertThat(((Unprotected) named).coap()).isEqualTo(original);
    }

    @Test
    void responseWithoutConnectionIdIsFoundThroughItsRequest() {
        Sas.out("01")
                .noConnectionId()
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .local("coap://mine")
                .keys(1)
                .pair(1)
                .install(client.engine, 1);
        Sas.in("02")
                .noConnectionId()
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .local("coap://mine")
                .keys(2)
                .pair(1)
                .install(client.engine, 2);
        Sas.in("01")
                .noConnectionId()
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .peer("coap://device")
                .keys(1)
                .pair(1)
                .install(server.engine, 1);
        Sas.out("02")
                .noConnectionId()
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .peer("coap://device")
                .keys(2)
                .pair(1)
                .install(server.engine, 2);
        Protected request = (Protected) client.engine.protect(
                new ProtectCall(
                        "uid:1",
                        Host.get("example.com", "temp"),
                        Endpoint.parse("coap://mine"),
                        Endpoint.HOST_WIDE,
                        Host.NO_REFERENCE),
                0);
        Unprotected arrived = (Unprotected) server.engine.unprotect(
                new UnprotectCall(
                        "uid:1",
                        request.coap(),
                        Endpoint.HOST_WIDE,
                        "",
                        Host.NO_REFERENCE,
                        Endpoint.parse("coap://device")),
                0);
        byte[] response =
                server.protect(Host.response(0x45, "22.5"), arrived.reference()).coap();

        assertThat(client.discarded(response, Host.NO_REFERENCE).reason()).isEqualTo(DiscardReason.NO_SUCH_SA);
        assertThat(Host.payloadOf(
                        client.unprotect(response, request.reference()).coap()))
                .isEqualTo("22.5");
        assertThat(client.discarded(response, request.reference()).reason()).isEqualTo(DiscardReason.REPLAY);
    }

    @Test
    void plainRecordNeverReachesAnSaWithConnectionIds() {
        pairUp();
        Protected request = client.protect(Host.get("example.com", "a"));
        byte[] forged = Octets.ofHex("6145000774ff17fefd0001000000000000001000010000000000000102030405060708")
                .toArray();

        Discarded discarded = client.discarded(forged, request.reference());

        assertThat(discarded.reason()).isEqualTo(DiscardReason.NO_SUCH_SA);
        assertThat(client.engine.usage(new SaId(11)).orElseThrow().failedOpenings())
                .isZero();
    }

    @Test
    void draftExactBindsAResponseToThePairOfItsRequest() {
        Sas.out("2b01")
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .keys(1)
                .pair(1)
                .install(client.engine, 1);
        Sas.in("1645")
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .keys(2)
                .pair(1)
                .install(client.engine, 2);
        Sas.in("2b01")
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .peer("coap://device")
                .keys(1)
                .pair(1)
                .install(server.engine, 1);
        Sas.out("1645")
                .content(Content.MESSAGE, Form.DRAFT_EXACT)
                .peer("coap://device")
                .keys(2)
                .pair(1)
                .install(server.engine, 2);
        Protected request = client.protect(Host.get("example.com", "temp"));
        byte[] response = server.protect(
                        Host.response(0x45, "22.5"),
                        server.unprotect(request.coap()).reference())
                .coap();

        Discarded unasked = client.discarded(response, Host.NO_REFERENCE);
        Unprotected answered = client.unprotect(response, request.reference());

        assertThat(unasked.reason()).isEqualTo(DiscardReason.BINDING_MISSING);
        assertThat(Host.payloadOf(answered.coap())).isEqualTo("22.5");
    }

    @Test
    void swappedAnswersOfTwoOutstandingRequestsAreMismatches() {
        pairUp();
        Protected first = client.protect(Host.get("example.com", "a"));
        Protected second = client.protect(Host.get("example.com", "b"));
        byte[] toFirst = server.protect(
                        Host.response(0x45, "A"), server.unprotect(first.coap()).reference())
                .coap();
        byte[] toSecond = server.protect(
                        Host.response(0x45, "B"),
                        server.unprotect(second.coap()).reference())
                .coap();

        assertThat(client.discarded(toSecond, first.reference()).reason()).isEqualTo(DiscardReason.BINDING_MISMATCH);
        assertThat(Host.payloadOf(client.unprotect(toFirst, first.reference()).coap()))
                .isEqualTo("A");
    }

    @Test
    void answerOfAnotherPeerCostsNothing() {
        pairUp();
        pairUp(2, 0, "3c01", "2756", 40);
        Protected request = client.protect(Host.get("example.com", "a"));
        // Pair 2 is the newer one to the same target, so the request went under it; pair 1 answers.
        byte[] foreign = Host.response(0x45, "A");
        Host other = server;
        Sas.out("2b01")
                .keys(10)
                .pair(9)
                .history(new History.ResumeSending(50))
                .peer("coap://elsewhere")
                .install(client.engine, 90);
        ProtectResult viaFirst = client.engine.protect(
                new ProtectCall(
                        "uid:1", Host.get("elsewhere", "x"), Endpoint.HOST_WIDE, Endpoint.HOST_WIDE, Host.NO_REFERENCE),
                0);
        byte[] underFirst = other.protect(
                        foreign, other.unprotect(((Protected) viaFirst).coap()).reference())
                .coap();

        Discarded discarded = client.discarded(underFirst, request.reference());

        assertThat(discarded.reason()).isEqualTo(DiscardReason.BINDING_MISMATCH);
        assertThat(client.engine.usage(new SaId(11)).orElseThrow().nextSequence())
                .isZero();
    }

    @Test
    void responseWithoutReferenceIsNotReleased() {
        pairUp();
        Unprotected arrived =
                server.unprotect(client.protect(Host.get("example.com", "a")).coap());
        byte[] response =
                server.protect(Host.response(0x45, "A"), arrived.reference()).coap();

        assertThat(client.discarded(response, Host.NO_REFERENCE).reason()).isEqualTo(DiscardReason.BINDING_MISSING);
    }

    @Test
    void observationGoesOnUnderThePairThatSupersedes() {
        pairUp();
        Protected registration = client.protect(Host.get("example.com", "temp", OBSERVE_REGISTER));
        Unprotected arrived = server.unprotect(registration.coap());
        CoapOption count = new CoapOption(CoapOption.OBSERVE, Octets.of((byte) 9));
        Unprotected before = client.unprotect(
                server.protect(Host.response(0x45, "22.5", count), arrived.reference())
                        .coap(),
                registration.reference());
        pairUp(2, 1, "3c01", "2756", 40);
        server.engine.retire(new SaId(11));
        server.engine.retire(new SaId(10));

        byte[] notification = server.protect(Host.response(0x45, "23.0", count), arrived.reference())
                .coap();
        Unprotected after = client.unprotect(notification, registration.reference());

        assertThat(after.spi().toString()).isEqualTo("2756");
        assertThat(Host.payloadOf(after.coap())).isEqualTo("23.0");
        assertThat(after.observeOrder()).isGreaterThan(before.observeOrder());
    }

    @Test
    void observationEndsWithAPairThatNothingSuperseded() {
        pairUp();
        Unprotected arrived = server.unprotect(client.protect(Host.get("example.com", "temp", OBSERVE_REGISTER))
                .coap());
        server.engine.retire(new SaId(11));
        pairUp(2, 0, "3c01", "2756", 40);

        assertThat(errorOf(() -> server.protect(Host.response(0x45, "23.0"), arrived.reference())))
                .isEqualTo(SaError.NO_SA_FOR_REPLY);
    }

    @Test
    void referenceIsGoodForItsPrincipalAlone() {
        pairUp();
        Unprotected arrived =
                server.unprotect(client.protect(Host.get("example.com", "a")).coap());
        ProtectCall foreign = new ProtectCall(
                "uid:2", Host.response(0x45, "A"), Endpoint.HOST_WIDE, Endpoint.HOST_WIDE, arrived.reference());

        assertThat(errorOf(() -> server.engine.protect(foreign, 0))).isEqualTo(SaError.INVALID_REFERENCE);
    }

    @Test
    void referenceWithAnyBitChangedIsRefused() {
        pairUp();
        byte[] reference = server.unprotect(
                        client.protect(Host.get("example.com", "a")).coap())
                .reference();

        for (int bit = 0; bit < reference.length * 8; bit++) {
            byte[] changed = reference.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(errorOf(() -> server.protect(Host.response(0x45, "A"), changed)))
                    .isEqualTo(SaError.INVALID_REFERENCE);
        }
        for (int length = 1; length < reference.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(reference, length);
            assertThat(errorOf(() -> server.protect(Host.response(0x45, "A"), cut)))
                    .isEqualTo(SaError.INVALID_REFERENCE);
        }
    }

    @Test
    void referenceOfASentMessageIsNoneOfAReceivedOne() {
        pairUp();
        byte[] sent = client.protect(Host.get("example.com", "a")).reference();

        assertThat(errorOf(() -> client.protect(Host.response(0x45, "A"), sent)))
                .isEqualTo(SaError.INVALID_REFERENCE);
    }

    @Test
    void withoutAnSaNothingIsProtectedAndTheTargetIsNamed() {
        assertThatThrownBy(() -> client.protect(Host.get("nobody.example", "a")))
                .isInstanceOf(SaException.class)
                .hasMessageContaining("coap://nobody.example");
    }

    @Test
    void rawSaProtectsNoMessages() {
        Sas.out("2b01").content(Content.RAW, Form.NONE).install(client.engine, 1);

        assertThat(errorOf(() -> client.protect(Host.get("example.com", "a")))).isEqualTo(SaError.WRONG_CONTENT);
    }

    @Test
    void newestMatureSaIsChosenBeforeADyingOne() {
        Sas.out("aa01").keys(1).install(client.engine, 1);
        Sas.out("aa02").keys(2).install(client.engine, 2);

        assertThat(client.protect(Host.get("example.com", "a")).spi().toString())
                .isEqualTo("aa02");
        client.engine.state(new SaId(2), SaState.DYING);
        assertThat(client.protect(Host.get("example.com", "a")).spi().toString())
                .isEqualTo("aa01");
        client.engine.state(new SaId(1), SaState.DYING);
        assertThat(client.protect(Host.get("example.com", "a")).spi().toString())
                .isEqualTo("aa02");
    }

    @Test
    void saOfALocalEndpointServesThatEndpointOnly() {
        Sas.out("2b01").local("coap://mine").keys(1).install(client.engine, 1);
        Sas.in("2b01").local("coap://example.com").peer("coap://device").keys(1).install(server.engine, 1);
        byte[] request = Host.get("example.com", "a");

        assertThat(errorOf(() -> client.protect(request))).isEqualTo(SaError.NO_USABLE_SA);
        Protected sent = (Protected) client.engine.protect(
                new ProtectCall("uid:1", request, Endpoint.parse("coap://mine"), Endpoint.HOST_WIDE, Host.NO_REFERENCE),
                0);
        Discarded elsewhere = server.discarded(sent.coap(), Host.NO_REFERENCE);
        assertThat(elsewhere.reason()).isEqualTo(DiscardReason.WRONG_ENDPOINT);
        assertThat(elsewhere.tellNetwork()).isFalse();
        assertThat(server.engine.usage(new SaId(1)).orElseThrow().discarded())
                .containsEntry(DiscardReason.WRONG_ENDPOINT, 1L);
    }

    @Test
    void replyTakesItsLocalEndpointFromTheReference() {
        Sas.out("2b01").local("coap://mine").keys(1).pair(1).install(client.engine, 1);
        Sas.in("1645").local("coap://mine").keys(2).pair(1).install(client.engine, 2);
        Sas.in("2b01")
                .local("coap://example.com")
                .peer("coap://device")
                .keys(1)
                .pair(1)
                .install(server.engine, 1);
        Sas.out("1645")
                .local("coap://example.com")
                .peer("coap://device")
                .keys(2)
                .pair(1)
                .install(server.engine, 2);
        Protected request = (Protected) client.engine.protect(
                new ProtectCall(
                        "uid:1",
                        Host.get("example.com", "a"),
                        Endpoint.parse("coap://mine"),
                        Endpoint.HOST_WIDE,
                        Host.NO_REFERENCE),
                0);
        Unprotected arrived = (Unprotected) server.engine.unprotect(
                new UnprotectCall(
                        "uid:1",
                        request.coap(),
                        Endpoint.parse("coap://example.com"),
                        "",
                        Host.NO_REFERENCE,
                        Endpoint.HOST_WIDE),
                0);

        byte[] response =
                server.protect(Host.response(0x45, "A"), arrived.reference()).coap();
        ProtectCall fromElsewhere = new ProtectCall(
                "uid:1",
                Host.response(0x45, "A"),
                Endpoint.parse("coap://other"),
                Endpoint.HOST_WIDE,
                arrived.reference());

        assertThat(Host.payloadOf(
                        client.unprotect(response, request.reference()).coap()))
                .isEqualTo("A");
        assertThat(errorOf(() -> server.engine.protect(fromElsewhere, 0))).isEqualTo(SaError.NO_SA_FOR_REPLY);
    }

    @Test
    void sendMarkMakesTheCallWaitUntilItRises() {
        Sas.out("2b01").mark(2).keys(1).install(client.engine, 1);
        byte[] request = Host.get("example.com", "a");

        client.protect(request);
        client.protect(request);
        MustWait wait = (MustWait) client.protectResult(request, Host.NO_REFERENCE);
        client.engine.raiseSendMark(wait.sa(), wait.mark());

        assertThat(wait).isEqualTo(new MustWait(new SaId(1), Direction.OUTBOUND, 3));
        assertThat(client.protectResult(request, Host.NO_REFERENCE)).isInstanceOf(Protected.class);
        assertThat(client.wear).anyMatch(line -> line.startsWith("mark 1 OUTBOUND"));
    }

    @Test
    void acceptMarkMakesTheCallWaitAndNothingIsReleasedMeanwhile() {
        Sas.out("2b01").keys(1).install(client.engine, 1);
        Sas.in("2b01").peer("coap://device").mark(0).keys(1).install(server.engine, 1);
        byte[] sent = client.protect(Host.get("example.com", "a")).coap();

        MustWait wait = (MustWait) server.unprotectResult(sent, Host.NO_REFERENCE);
        assertThat(server.engine.usage(new SaId(1)).orElseThrow().records()).isZero();
        server.engine.raiseAcceptMark(wait.sa(), wait.mark());

        assertThat(wait).isEqualTo(new MustWait(new SaId(1), Direction.INBOUND, 1));
        assertThat(server.unprotectResult(sent, Host.NO_REFERENCE)).isInstanceOf(Unprotected.class);
        assertThat(server.discarded(sent, Host.NO_REFERENCE).reason()).isEqualTo(DiscardReason.REPLAY);
    }

    @Test
    void acceptMarkIsWantedOnceWhenHalfOfItsBlockIsUsed() {
        Sas.out("2b01").keys(1).install(client.engine, 1);
        Sas.in("2b01").peer("coap://device").mark(8).keys(1).install(server.engine, 1);
        byte[] request = Host.get("example.com", "a");

        for (int i = 0; i < 4; i++) {
            server.unprotect(client.protect(request).coap());
        }
        assertThat(server.wear).doesNotContain("mark 1 INBOUND 8");
        for (int i = 0; i < 4; i++) {
            server.unprotect(client.protect(request).coap());
        }

        assertThat(server.wear).containsOnlyOnce("mark 1 INBOUND 8");
    }

    @Test
    void oneEngineMayHoldBothEnds() {
        Sas.out("2b01").keys(1).pair(1).install(client.engine, 1);
        Sas.in("1645").keys(2).pair(1).install(client.engine, 2);
        Sas.in("2b01")
                .local("coap://example.com")
                .peer("coap://device")
                .keys(1)
                .pair(2)
                .install(client.engine, 3);
        Sas.out("1645")
                .local("coap://example.com")
                .peer("coap://device")
                .keys(2)
                .pair(2)
                .install(client.engine, 4);
        Endpoint local = Endpoint.parse("coap://example.com");

        Protected request = client.protect(Host.get("example.com", "a"));
        Unprotected arrived = (Unprotected) client.engine.unprotect(
                new UnprotectCall("uid:1", request.coap(), local, "", Host.NO_REFERENCE, Endpoint.HOST_WIDE), 0);
        Protected response = (Protected) client.engine.protect(
                new ProtectCall("uid:1", Host.response(0x45, "A"), local, Endpoint.HOST_WIDE, arrived.reference()), 0);

        assertThat(Host.payloadOf(
                        client.unprotect(response.coap(), request.reference()).coap()))
                .isEqualTo("A");
    }

    @Test
    void sasAddedAloneAnswerThroughTheirPartner() {
        Sas.out("2b01").keys(1).install(client.engine, 1);
        Sas.in("1645").keys(2).install(client.engine, 2);
        Sas.in("2b01").peer("coap://device").keys(1).install(server.engine, 1);
        Sas.out("1645").peer("coap://device").keys(2).install(server.engine, 2);

        Protected request = client.protect(Host.get("example.com", "a"));
        Unprotected arrived = server.unprotect(request.coap());
        Protected response = server.protect(Host.response(0x45, "A"), arrived.reference());

        assertThat(Host.payloadOf(
                        client.unprotect(response.coap(), request.reference()).coap()))
                .isEqualTo("A");
    }

    @Test
    void ofSasAddedAloneTheNewestThatIsLeftAnswers() {
        Sas.out("2b01").keys(1).install(client.engine, 1);
        Sas.in("2b01").peer("coap://device").keys(1).install(server.engine, 1);
        for (int i = 2; i <= 5; i++) {
            Sas.out("160" + i).peer("coap://device").keys(i).install(server.engine, i);
        }

        // The newest, one in the middle, and the oldest.
        for (int[] gone : new int[][] {{0, 5}, {5, 4}, {3, 4}, {2, 4}}) {
            if (gone[0] != 0) {
                server.engine.retire(new SaId(gone[0]));
            }
            Protected response = server.protect(Host.response(0x45, "A"), arrivedReference());
            assertThat(response.sa()).isEqualTo(new SaId(gone[1]));
        }
        server.engine.retire(new SaId(4));
        byte[] last = arrivedReference();
        assertThatThrownBy(() -> server.protect(Host.response(0x45, "A"), last))
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.NO_SA_FOR_REPLY));
    }

    private byte[] arrivedReference() {
        return server.unprotect(client.protect(Host.get("example.com", "a")).coap())
                .reference();
    }

    @Test
    void unknownConnectionIdMayBeToldToARequesterButNeverToAResponder() {
        pairUp();
        byte[] request = client.protect(Host.get("example.com", "a")).coap();
        server.engine.retire(new SaId(10));

        Discarded discarded = server.discarded(request, Host.NO_REFERENCE);

        assertThat(discarded.reason()).isEqualTo(DiscardReason.NO_SUCH_SA);
        assertThat(discarded.tellNetwork()).isTrue();
        assertThat(discarded.sa()).isEmpty();
    }

    @Test
    void rawRecordsWithPaddingAreSealedAndOpened() {
        Sas.out("2b01").content(Content.RAW, Form.NONE).keys(1).install(client.engine, 1);
        Sas.in("2b01")
                .content(Content.RAW, Form.NONE)
                .peer("coap://device")
                .keys(1)
                .install(server.engine, 1);
        byte[] plaintext = {1, 2, 3, 0};

        SealedRecord sealed =
                (SealedRecord) client.engine.seal(new SealCall(new SaId(1), Endpoint.HOST_WIDE, plaintext, 9), 0);
        OpenedRecord opened = (OpenedRecord)
                server.engine.open(new OpenCall(sealed.octets(), Endpoint.HOST_WIDE, "", Endpoint.HOST_WIDE), 0);

        assertThat(opened.plaintext()).isEqualTo(plaintext);
        assertThat(opened.alert()).isFalse();
        assertThat(opened.sequence()).isEqualTo(sealed.sequence());
    }

    @Test
    void plaintextThatNoRecordHoldsIsRefusedByItsSize() {
        Sas.out("2b01").content(Content.RAW, Form.NONE).keys(1).install(client.engine, 1);
        SealCall largest = new SealCall(new SaId(1), Endpoint.HOST_WIDE, new byte[(1 << 14) - 1], 0);
        SealCall padded = new SealCall(new SaId(1), Endpoint.HOST_WIDE, new byte[(1 << 14) - 1], 3);

        assertThat(client.engine.seal(largest, 0)).isInstanceOf(SealedRecord.class);
        assertThatThrownBy(() -> client.engine.seal(padded, 0))
                .isInstanceOf(SaException.class)
                .hasMessageContaining("16386 octets")
                .hasMessageContaining("16383");
        assertThat(client.engine.usage(new SaId(1)).orElseThrow().nextSequence())
                .isEqualTo(1);
    }

    @Test
    void closeNotifyIsOpenedAsAnAlert() {
        Sas.out("2b01").content(Content.RAW, Form.NONE).keys(1).install(client.engine, 1);
        Sas.in("2b01")
                .content(Content.RAW, Form.NONE)
                .peer("coap://device")
                .keys(1)
                .install(server.engine, 1);

        byte[] alert = client.engine.closeNotify(new SaId(1), 0).orElseThrow();
        OpenedRecord opened =
                (OpenedRecord) server.engine.open(new OpenCall(alert, Endpoint.HOST_WIDE, "", Endpoint.HOST_WIDE), 0);

        assertThat(opened.alert()).isTrue();
        assertThat(opened.plaintext()).containsExactly(1, 0);
    }

    @Test
    void sealIsForRawSasAlone() {
        pairUp();

        assertThat(errorOf(() -> client.engine.seal(new SealCall(new SaId(10), Endpoint.HOST_WIDE, new byte[1], 0), 0)))
                .isEqualTo(SaError.WRONG_CONTENT);
        assertThat(errorOf(() -> client.engine.seal(new SealCall(new SaId(99), Endpoint.HOST_WIDE, new byte[1], 0), 0)))
                .isEqualTo(SaError.NO_SUCH_SA);
    }

    @Test
    void limitsAreToldOnceAndEnforcedExactly() {
        Limits soft = Limits.NONE.withRecords(2);
        Limits hard = new Limits(Duration.ZERO, Duration.ZERO, 3, 0, 0);
        Sas.out("2b01").lifetime(new Lifetime(soft, hard)).keys(1).install(client.engine, 1);
        byte[] request = Host.get("example.com", "a");
        client.protect(request);
        client.protect(request);
        client.protect(request);

        assertThat(errorOf(() -> client.protect(request))).isIn(SaError.SA_EXPIRED, SaError.NO_USABLE_SA);
        assertThat(client.wear)
                .containsOnlyOnce("soft 1 " + ExpireCause.RECORDS)
                .containsOnlyOnce("hard 1 " + ExpireCause.RECORDS)
                .containsOnlyOnce("used 1");
    }

    @Test
    void retiredSaIsGoneAndTellsItsExactUsage() {
        pairUp();
        client.protect(Host.get("example.com", "a"));

        Usage usage = client.engine.retire(new SaId(10));

        assertThat(usage.nextSequence()).isEqualTo(1);
        assertThat(usage.records()).isEqualTo(1);
        assertThat(client.engine.usage(new SaId(10))).isEmpty();
        assertThat(errorOf(() -> client.protect(Host.get("example.com", "a")))).isEqualTo(SaError.NO_USABLE_SA);
    }

    @Test
    void emptyMessageIsNeverProtected() {
        pairUp();

        assertThat(errorOf(() -> client.protect(new byte[] {0x40, 0, 0, 1}))).isEqualTo(SaError.NOT_PROTECTABLE);
    }
}
