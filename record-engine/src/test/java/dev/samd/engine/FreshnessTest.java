// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.coap.CoapCode;
import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.CoapType;
import dev.samd.engine.Finding.Door;
import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request that somebody held back does not pass where the policy wants a fresh one (RFC 9175 s2.3). */
class FreshnessTest {
    private static final long MAX_AGE = 30_000_000_000L;

    private final ListedGate rules = new ListedGate().fresh("/led", MAX_AGE);
    private final Host client = new Host();
    private final Host server = new Host(rules);

    private void pairUp(int number, Form form) {
        long pair = number;
        String there = "2b0" + pair;
        String back = "164" + pair;
        Sas.out(there).content(Content.MESSAGE, form).keys(number).pair(pair).install(client.engine, 2 * pair);
        Sas.in(back).content(Content.MESSAGE, form).keys(number + 50).pair(pair).install(client.engine, 2 * pair + 1);
        Sas.in(there)
                .content(Content.MESSAGE, form)
                .peer("coap://device")
                .keys(number)
                .pair(pair)
                .install(server.engine, 2 * pair);
        Sas.out(back)
                .content(Content.MESSAGE, form)
                .peer("coap://device")
                .keys(number + 50)
                .pair(pair)
                .install(server.engine, 2 * pair + 1);
    }

    private void pairUp() {
        pairUp(1, Form.SAMD);
    }

    private static byte[] get(Octets echo) {
        return Host.get("example.com", "led", new CoapOption(CoapOption.ECHO, echo));
    }

    private static byte[] get() {
        return Host.get("example.com", "led");
    }

    /** Sends the request, and gives the message that is inside of the challenge. */
    private CoapMessage challengeTo(byte[] request) {
        Protected sent = client.protect(request);
        byte[] answer = server.challenged(sent.coap()).coap();
        return CoapMessage.parse(client.unprotect(answer, sent.reference()).coap());
    }

    private Octets echo() {
        return challengeTo(get()).option(CoapOption.ECHO).orElseThrow();
    }

    private UnprotectResult arrival(byte[] request) {
        return server.unprotectResult(client.protect(request).coap(), Host.NO_REFERENCE);
    }

    @ParameterizedTest
    @EnumSource(names = {"SAMD", "DRAFT_EXACT"})
    void requestWithoutEchoIsAnsweredWithOneUnderItsOwnPair(Form form) {
        pairUp(1, form);

        CoapMessage challenge = challengeTo(get());

        assertThat(challenge.code()).isEqualTo(CoapCode.UNAUTHORIZED);
        assertThat(challenge.type()).isEqualTo(CoapType.ACK);
        assertThat(challenge.messageId()).isEqualTo(7);
        assertThat(challenge.token()).isEqualTo(Host.octets("t"));
        assertThat(challenge.options()).extracting(CoapOption::number).containsExactly(CoapOption.MAX_AGE, 252);
        assertThat(challenge.option(CoapOption.MAX_AGE)).contains(Octets.EMPTY);
        assertThat(challenge.option(CoapOption.ECHO).orElseThrow().length()).isEqualTo(EchoCodec.LENGTH);
        assertThat(challenge.payloadLength()).isZero();
    }

    @Test
    void requestWithTheEchoIsReleasedWithoutIt() {
        pairUp();

        assertThat(server.unprotect(client.protect(get(echo())).coap()).coap()).isEqualTo(get());
    }

    @Test
    void echoIsGoodForManyRequestsUntilItIsTooOld() {
        pairUp();
        Octets echo = echo();

        server.now += MAX_AGE;
        assertThat(arrival(get(echo))).isInstanceOf(Unprotected.class);
        assertThat(arrival(get(echo))).isInstanceOf(Unprotected.class);
        server.now += 1;
        assertThat(arrival(get(echo))).isInstanceOf(NotFresh.class);
    }

    @Test
    void requestThatWasHeldBackIsNotFresh() {
        pairUp();
        byte[] held = client.protect(get(echo())).coap();
        server.now += MAX_AGE + 1;

        server.challenged(held);
    }

    @Test
    void staleRequestIsGivenANewEcho() {
        pairUp();
        Octets first = echo();
        server.now += MAX_AGE + 1;

        Octets second = challengeTo(get(first)).option(CoapOption.ECHO).orElseThrow();

        assertThat(second).isNotEqualTo(first);
        assertThat(arrival(get(second))).isInstanceOf(Unprotected.class);
    }

    @Test
    void echoOfAnotherSaIsAsGoodAsNone() {
        pairUp();
        Octets other = echo();
        client.engine.retire(new SaId(2));
        pairUp(2, Form.SAMD);

        assertThat(arrival(get(other))).isInstanceOf(NotFresh.class);
        assertThat(arrival(get(echo()))).isInstanceOf(Unprotected.class);
    }

    @Test
    void echoThatTheDaemonDidNotGiveIsAsGoodAsNone() {
        pairUp();
        byte[] changed = echo().toArray();
        changed[0] ^= 1;

        assertThat(arrival(get(Octets.of(changed)))).isInstanceOf(NotFresh.class);
        assertThat(arrival(get(Octets.ofHex("01")))).isInstanceOf(NotFresh.class);
        assertThat(arrival(get(Octets.ofHex("00".repeat(40))))).isInstanceOf(NotFresh.class);
    }

    @Test
    void numberOfTheChallengedRequestIsConsumed() {
        pairUp();
        byte[] sent = client.protect(get()).coap();
        server.challenged(sent);

        assertThat(server.discarded(sent, Host.NO_REFERENCE).reason()).isEqualTo(DiscardReason.REPLAY);
        Usage usage = server.engine.usage(new SaId(2)).orElseThrow();
        assertThat(usage.records()).isOne();
        assertThat(usage.failedOpenings()).isZero();
    }

    @Test
    void echoOfTheProgramPassesWhereNoneIsAskedFor() {
        pairUp();
        byte[] request = Host.get("example.com", "temp", new CoapOption(CoapOption.ECHO, Octets.ofHex("0102")));

        assertThat(server.unprotect(client.protect(request).coap()).coap()).isEqualTo(request);
    }

    @Test
    void nonConfirmableRequestIsAnsweredNonConfirmable() {
        pairUp();
        CoapMessage request = CoapMessage.of(
                CoapType.NON,
                CoapCode.GET,
                9,
                Octets.ofHex("01"),
                List.of(
                        CoapOption.ofText(CoapOption.URI_HOST, "example.com"),
                        CoapOption.ofText(CoapOption.URI_PATH, "led")),
                Octets.EMPTY);

        CoapMessage challenge = challengeTo(request.toOctets());

        assertThat(challenge.type()).isEqualTo(CoapType.NON);
        assertThat(challenge.messageId()).isZero();
    }

    @Test
    void registrationIsChallengedAndThenRegisters() {
        pairUp();
        CoapOption register = new CoapOption(CoapOption.OBSERVE, Octets.EMPTY);
        Protected first = client.protect(Host.get("example.com", "led", register));
        byte[] answer = server.challenged(first.coap()).coap();
        Octets echo = CoapMessage.parse(
                        client.unprotect(answer, first.reference()).coap())
                .option(CoapOption.ECHO)
                .orElseThrow();

        Unprotected second = server.unprotect(
                client.protect(Host.get("example.com", "led", register, new CoapOption(CoapOption.ECHO, echo)))
                        .coap());

        assertThat(CoapMessage.parse(second.coap()).observes()).isTrue();
    }

    @Test
    void requestThatNoSaMayAnswerIsDiscardedInSilence() {
        pairUp();
        server.engine.retire(new SaId(3));
        NotFresh request = (NotFresh) arrival(get());

        assertThat(server.engine.challenge(request, server.now))
                .isEqualTo(new Discarded(DiscardReason.POLICY, Optional.of(new SaId(2)), false));
        assertThat(server.engine.usage(new SaId(2)).orElseThrow().discarded()).containsEntry(DiscardReason.POLICY, 1L);
    }

    @Test
    void requestWhoseSaHasEndedMeanwhileIsDiscarded() {
        pairUp();
        NotFresh request = (NotFresh) arrival(get());
        server.engine.retire(new SaId(2));
        server.engine.retire(new SaId(3));

        assertThat(server.engine.challenge(request, server.now))
                .isEqualTo(new Discarded(DiscardReason.POLICY, Optional.empty(), false));
    }

    @Test
    void spentSaAnswersNothing() {
        pairUp();
        Lifetime one = new Lifetime(Limits.NONE, new Limits(Duration.ZERO, Duration.ZERO, 1, 0, 0));
        server.engine.lifetime(new SaId(3), one);
        server.challenged(client.protect(get()).coap());

        assertThat(server.engine.challenge((NotFresh) arrival(get()), server.now))
                .isInstanceOf(Discarded.class);
    }

    @Test
    void challengeWaitsForNumbersAndTheRequestIsOpenedOnce() {
        Sas.out("2b01").keys(1).pair(1).install(client.engine, 2);
        Sas.in("2b01").peer("coap://device").keys(1).pair(1).install(server.engine, 2);
        Sas.out("1641").peer("coap://device").keys(51).pair(1).mark(0).install(server.engine, 3);
        NotFresh request = (NotFresh) arrival(get());

        MustWait wait = (MustWait) server.engine.challenge(request, server.now);
        server.engine.raiseSendMark(wait.sa(), wait.mark());

        assertThat(wait.sa()).isEqualTo(new SaId(3));
        assertThat(server.engine.challenge(request, server.now)).isInstanceOf(Challenged.class);
        assertThat(server.engine.usage(new SaId(2)).orElseThrow().records()).isOne();
    }

    @Test
    void discardedRequestIsNotChallenged() {
        pairUp();
        Sas.out("2b09").kmp("ace").keys(9).scope("coap://other").install(client.engine, 20);
        Sas.in("2b09").kmp("ace").peer("coap://device").keys(9).install(server.engine, 20);
        byte[] sent = client.protect(Host.get("other", "led")).coap();

        assertThat(server.discarded(sent, Host.NO_REFERENCE).reason()).isEqualTo(DiscardReason.POLICY);
    }

    private UnprotectExplanation explained(byte[] coap) {
        return server.engine.explainUnprotect(
                new UnprotectCall("uid:1", coap, Endpoint.HOST_WIDE, "explain", Host.NO_REFERENCE, Endpoint.HOST_WIDE),
                server.now);
    }

    @Test
    void explanationSaysWhetherTheEchoIsFresh() {
        pairUp();
        byte[] without = client.protect(get()).coap();
        byte[] with = client.protect(get(echo())).coap();

        assertThat(explained(without).findings()).endsWith(Finding.closed(Door.FRESH, DiscardReason.POLICY));
        assertThat(explained(without).challenged()).isTrue();
        assertThat(explained(with).findings()).endsWith(Finding.open(Door.POLICY), Finding.open(Door.FRESH));
        assertThat(explained(with).challenged()).isFalse();
        assertThat(explained(with).refusal()).isEmpty();
    }

    @Test
    void explanationOfAReplaySaysReplayFirst() {
        pairUp();
        byte[] sent = client.protect(get()).coap();
        server.challenged(sent);

        assertThat(explained(sent).refusal()).contains(DiscardReason.REPLAY);
        assertThat(explained(sent).challenged()).isFalse();
    }
}
