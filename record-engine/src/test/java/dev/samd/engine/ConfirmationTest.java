// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pairs that wait for the first good record of their peer (T37, T38). */
class ConfirmationTest {
    private static final long SECOND = 1_000_000_000L;
    private static final SaId OLD = new SaId(10);
    private static final SaId NEW = new SaId(20);

    private final Host client = new Host();
    private final Host server = new Host();

    /** Pair 1 is confirmed at both ends. */
    private void oldPair() {
        install(1, 0, "2b01", "1645", Confirmation.CONFIRMED, Confirmation.CONFIRMED);
    }

    /** Pair 2 replaces it, and waits at both ends. */
    private void newPair() {
        install(2, 1, "2b02", "1646", Confirmation.INITIATOR_WAITS, Confirmation.RESPONDER_WAITS);
    }

    /** Pair 2 replaces none, and waits at both ends. */
    private void newPairAlone() {
        install(2, 0, "2b02", "1646", Confirmation.INITIATOR_WAITS, Confirmation.RESPONDER_WAITS);
    }

    /** SA 10·pair sends from the client, 10·pair + 1 from the server. */
    private void install(
            long pair,
            long supersedes,
            String toServer,
            String toClient,
            Confirmation atClient,
            Confirmation atServer) {
        int seed = (int) pair * 10;
        Sas.out(toServer)
                .keys(seed)
                .pair(pair)
                .supersedes(supersedes)
                .waiting(atClient)
                .install(client.engine, pair * 10);
        Sas.in(toClient)
                .keys(seed + 5)
                .pair(pair)
                .supersedes(supersedes)
                .waiting(atClient)
                .install(client.engine, pair * 10 + 1);
        Sas.in(toServer)
                .peer("coap://device")
                .keys(seed)
                .pair(pair)
                .supersedes(supersedes)
                .waiting(atServer)
                .install(server.engine, pair * 10);
        Sas.out(toClient)
                .peer("coap://device")
                .keys(seed + 5)
                .pair(pair)
                .supersedes(supersedes)
                .waiting(atServer)
                .install(server.engine, pair * 10 + 1);
    }

    private SaId sender() {
        return send().sa();
    }

    private Protected send() {
        return client.protect(Host.get("example.com", "a"));
    }

    @Test
    void initiatorTriesTheNewPairWithOneRequestAtATime() { // T37
        oldPair();
        newPair();

        assertThat(List.of(sender(), sender(), sender())).containsExactly(NEW, OLD, OLD);
        client.now += 2 * SECOND - 1;
        assertThat(sender()).isEqualTo(OLD);
        client.now += 1;
        assertThat(List.of(sender(), sender())).containsExactly(NEW, OLD);
    }

    @Test
    void ofManyThreadsOneTriesTheNewPair() { // T37
        oldPair();
        newPair();
        AtomicInteger tried = new AtomicInteger();

        IntStream.range(0, 200).parallel().forEach(i -> {
            if (sender().equals(NEW)) {
                tried.incrementAndGet();
            }
        });

        assertThat(tried).hasValue(1);
    }

    @Test
    void newPairAloneIsSimplyUsed() { // T37
        newPairAlone();

        assertThat(List.of(sender(), sender(), sender())).containsExactly(NEW, NEW, NEW);
    }

    @Test
    void oldPairThatDiesIsStillPreferredWhileTheNewOneWaits() { // T37
        oldPair();
        newPair();
        client.engine.state(OLD, SaState.DYING);

        assertThat(List.of(sender(), sender())).containsExactly(NEW, OLD);
        client.engine.retire(OLD);
        assertThat(List.of(sender(), sender())).containsExactly(NEW, NEW);
    }

    @Test
    void firstGoodAnswerConfirmsAtTheInitiator() { // T37
        oldPair();
        newPair();
        Protected request = send();
        byte[] answer = server.protect(
                        Host.response(0x45, "x"),
                        server.unprotect(request.coap()).reference())
                .coap();

        assertThat(client.wear).doesNotContain("confirmed");
        client.unprotect(answer, request.reference());

        assertThat(client.wear).containsOnlyOnce("confirmed");
        assertThat(List.of(sender(), sender(), sender())).containsExactly(NEW, NEW, NEW);
    }

    @Test
    void forgedAnswerConfirmsNothing() { // T37
        oldPair();
        newPair();
        Protected request = send();
        byte[] answer = server.protect(
                        Host.response(0x45, "x"),
                        server.unprotect(request.coap()).reference())
                .coap();
        answer[answer.length - 1] ^= 1;

        assertThat(client.discarded(answer, request.reference()).reason()).isEqualTo(DiscardReason.BAD_TAG);
        assertThat(client.wear).doesNotContain("confirmed");
        assertThat(sender()).isEqualTo(OLD);
    }

    @Test
    void responderOpensAndDoesNotProtect() { // T38
        newPairAlone();

        assertThat(catchThrowableOfType(SaException.class, () -> server.protect(Host.get("device", "a")))
                        .error())
                .isEqualTo(SaError.NO_USABLE_SA);
        assertThat(server.wear).doesNotContain("confirmed");
    }

    @Test
    void firstRecordConfirmsAtTheResponderAndTheReplyGoes() { // T38
        newPairAlone();
        Protected request = send();

        Unprotected arrived = server.unprotect(request.coap());
        Protected reply = server.protect(Host.response(0x45, "x"), arrived.reference());

        assertThat(server.wear).containsOnlyOnce("confirmed");
        assertThat(reply.sa()).isEqualTo(new SaId(21));
        assertThat(server.protect(Host.get("device", "a")).sa()).isEqualTo(new SaId(21));
        server.unprotect(send().coap());
        assertThat(server.wear).containsOnlyOnce("confirmed");
    }

    @Test
    void waitingSuccessorIsNotUsedForReplies() { // T38
        oldPair();
        Unprotected before = server.unprotect(send().coap());
        newPair();
        server.engine.retire(new SaId(11));

        SaException e = catchThrowableOfType(
                SaException.class, () -> server.protect(Host.response(0x45, "x"), before.reference()));
        assertThat(e.error()).isEqualTo(SaError.NO_SA_FOR_REPLY);

        server.unprotect(send().coap());

        assertThat(server.protect(Host.response(0x45, "x"), before.reference()).sa())
                .isEqualTo(new SaId(21));
    }

    @Test
    void replyGoesUnderThePairOfItsRequestWhileThatMaySeal() {
        oldPair();
        Unprotected before = server.unprotect(send().coap());
        newPair();
        server.unprotect(send().coap());

        assertThat(server.protect(Host.response(0x45, "x"), before.reference()).sa())
                .isEqualTo(new SaId(11));
    }

    @Test
    void severalRecordsAtOnceConfirmOnce() {
        newPairAlone();
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            requests.add(send().coap());
        }

        requests.parallelStream().forEach(server::unprotect);

        assertThat(server.wear).containsOnlyOnce("confirmed");
    }
}
