// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.samd.client.UnprotectOutcome;
import dev.samd.sa.DiscardReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Loss, repetition and disorder on the hop. */
class TransmissionTest {
    private final FakeDaemon clientDaemon = new FakeDaemon(7);
    private final FakeDaemon serverDaemon = new FakeDaemon(1_000);
    private final SamdOptions clientOptions = SamdOptions.of(clientDaemon);
    private TestServer server;
    private Wire wire;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(SamdOptions.of(serverDaemon));
        wire = new Wire(server.address());
        client = new TestClient(clientOptions, wire.address());
    }

    @AfterEach
    void stop() {
        client.close();
        wire.close();
        server.close();
        clientDaemon.close();
        serverDaemon.close();
    }

    private static UnaryOperator<List<byte[]>> losing(int first) {
        AtomicInteger seen = new AtomicInteger();
        return octets -> seen.getAndIncrement() < first ? List.of() : octets;
    }

    @Test
    void aRetransmittedRequestIsTheSameOctetsOfOneProtectCall() {
        wire.requests = losing(2);

        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getPayloadString()).isEqualTo("nothing");
        assertThat(wire.toServer).hasSize(3);
        assertThat(wire.toServer.get(1)).isEqualTo(wire.toServer.get(0));
        assertThat(wire.toServer.get(2)).isEqualTo(wire.toServer.get(0));
        assertThat(clientDaemon.protectCalls).hasSize(1);
    }

    @Test
    void aRepeatedRequestIsAnsweredWithTheSameOctetsBeforeItReachesTheDaemon() {
        wire.responses = losing(2);

        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getPayloadString()).isEqualTo("nothing");
        assertThat(server.handled).hasValue(1);
        assertThat(serverDaemon.unprotectCalls).hasSize(1);
        assertThat(serverDaemon.protectCalls).hasSize(1);
        assertThat(wire.toClient.get(1)).isEqualTo(wire.toClient.get(0));
        assertThat(wire.toClient.get(2)).isEqualTo(wire.toClient.get(0));
    }

    @Test
    void aRequestDoubledOnTheHopIsHandledOnce() {
        wire.requests = octets -> List.of(octets.get(0), octets.get(0), octets.get(0));

        client.send(client.request(Code.GET, "store"));
        client.send(client.request(Code.GET, "store"));

        assertThat(server.handled).hasValue(2);
        assertThat(serverDaemon.unprotectCalls).hasSize(2);
    }

    @Test
    void aDuplicateThatComesWhileTheDaemonWorksIsNotUnprotected() {
        CompletableFuture<UnprotectOutcome> parked = new CompletableFuture<>();
        serverDaemon.insteadOfUnprotect = () -> parked;
        Request request = client.request(Code.GET, "store").send(client.endpoint());
        await().until(() -> wire.toServer.size() >= 2);

        serverDaemon.insteadOfUnprotect = null;
        parked.complete(serverDaemon.opened(serverDaemon.unprotectCalls.get(0)));

        assertThat(TestClient.await(request).getPayloadString()).isEqualTo("nothing");
        assertThat(serverDaemon.unprotectCalls).hasSize(1);
        assertThat(server.handled).hasValue(1);
    }

    @Test
    void aRequestNobodyAnswersTimesOut() {
        wire.requests = octets -> List.of();
        Request request = client.request(Code.GET, "store");

        assertThat(client.send(request)).isNull();

        assertThat(request.isTimedOut()).isTrue();
        assertThat(wire.toServer).hasSize(4);
        assertThat(clientDaemon.protectCalls).hasSize(1);
    }

    @Test
    void aDiscardedAnswerIsAsGoodAsLostAndTheRequestGoesOn() {
        AtomicInteger answers = new AtomicInteger();
        wire.responses = octets -> {
            byte[] changed = octets.get(0).clone();
            if (answers.getAndIncrement() == 0) {
                changed[changed.length - 1] ^= 1;
                // The number that the record answers, in front of the message: another request's.
                changed[indexOfRecord(changed) + 26] ^= 1;
            }
            return List.of(changed);
        };

        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getPayloadString()).isEqualTo("nothing");
        assertThat(clientOptions.counters().discarded(DiscardReason.BINDING_MISMATCH))
                .isOne();
        assertThat(server.handled).hasValue(1);
    }

    private static int indexOfRecord(byte[] octets) {
        for (int i = 0; i < octets.length - 2; i++) {
            if (octets[i] == 0x19 && octets[i + 1] == (byte) 0xfe && octets[i + 2] == (byte) 0xfd) {
                return i;
            }
        }
        throw new AssertionError("no record");
    }

    @Test
    void answersSwappedByAHopReachTheirOwnRequests() {
        List<byte[]> held = new ArrayList<>();
        wire.responses = octets -> {
            synchronized (held) {
                held.add(octets.get(0));
                if (held.size() != 2) {
                    return held.size() < 2 ? List.of() : octets;
                }
                return List.of(withRecordOf(held.get(0), held.get(1)), withRecordOf(held.get(1), held.get(0)));
            }
        };
        Request first = client.request(Code.POST, "store", "first").send(client.endpoint());
        Request second = client.request(Code.POST, "store", "second").send(client.endpoint());

        assertThat(TestClient.await(first).getPayloadString()).isEqualTo("first");
        assertThat(TestClient.await(second).getPayloadString()).isEqualTo("second");
        assertThat(clientOptions.counters().discarded(DiscardReason.BINDING_MISMATCH))
                .isEqualTo(2);
    }

    /** The header and options of one message with the record of another. */
    private static byte[] withRecordOf(byte[] header, byte[] record) {
        int end = indexOfRecord(header);
        int start = indexOfRecord(record);
        byte[] message = new byte[end + record.length - start];
        System.arraycopy(header, 0, message, 0, end);
        System.arraycopy(record, start, message, end, record.length - start);
        return message;
    }

    @Test
    void largeBodiesSurviveLossInBothDirections() {
        wire.requests = losingEvery(5);
        wire.responses = losingEvery(7);
        String body = "abcdefgh".repeat(1_000);

        assertThat(client.send(client.request(Code.PUT, "store", body)).getPayloadString())
                .isEqualTo("stored 8000");
        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo(body);
    }

    private static UnaryOperator<List<byte[]>> losingEvery(int nth) {
        AtomicInteger seen = new AtomicInteger();
        return octets -> seen.incrementAndGet() % nth == 0 ? List.of() : octets;
    }

    @Test
    void aLostAcknowledgementOfASeparateResponseIsRepeated() {
        AtomicInteger empty = new AtomicInteger();
        wire.requests = octets -> octets.get(0).length == 4 && empty.getAndIncrement() == 0 ? List.of() : octets;

        assertThat(client.send(client.request(Code.GET, "slow")).getPayloadString())
                .isEqualTo("slowly");
        await().until(() -> empty.get() == 2);
        assertThat(serverDaemon.protectCalls).hasSize(1);
    }

    @Test
    void twoHundredConcurrentRequestsGetTheirOwnAnswers() {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            requests.add(client.request(Code.POST, "store", "request " + i).send(client.endpoint()));
        }

        for (int i = 0; i < requests.size(); i++) {
            assertThat(TestClient.await(requests.get(i)).getPayloadString()).isEqualTo("request " + i);
        }
    }
}
