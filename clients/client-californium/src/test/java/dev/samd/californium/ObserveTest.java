// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static dev.samd.californium.ProtectionCounters.Event.STALE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.Octets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapObserveRelation;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObserveTest {
    private final FakeDaemon clientDaemon = new FakeDaemon(7);
    private final FakeDaemon serverDaemon = new FakeDaemon(1_000);
    private final SamdOptions clientOptions = SamdOptions.of(clientDaemon);
    private final List<CoapResponse> notified = new CopyOnWriteArrayList<>();
    private final AtomicInteger errors = new AtomicInteger();
    private TestServer server;
    private Wire wire;
    private TestClient client;
    private CoapClient program;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(SamdOptions.of(serverDaemon));
        wire = new Wire(server.address());
        client = new TestClient(clientOptions, wire.address());
        program = new CoapClient();
        program.setEndpoint(client.endpoint());
    }

    @AfterEach
    void stop() {
        program.shutdown();
        client.close();
        wire.close();
        server.close();
        clientDaemon.close();
        serverDaemon.close();
    }

    private CoapObserveRelation observe() {
        Request request = client.request(Code.GET, "count");
        request.setObserve();
        return program.observe(request, new CoapHandler() {
            @Override
            public void onLoad(CoapResponse response) {
                notified.add(response);
            }

            @Override
            public void onError() {
                errors.incrementAndGet();
            }
        });
    }

    private void awaitNotifications(int number) {
        await().until(() -> notified.size() >= number);
    }

    private List<String> texts() {
        return notified.stream().map(CoapResponse::getResponseText).toList();
    }

    private void countTo(int last) {
        for (int i = notified.size(); i <= last; i++) {
            server.count.next();
            awaitNotifications(i + 1);
        }
    }

    @Test
    void notificationsReachTheProgramInOrderWithRisingNumbers() {
        CoapObserveRelation relation = observe();
        awaitNotifications(1);
        countTo(3);

        assertThat(relation.isCanceled()).isFalse();
        assertThat(texts()).containsExactly("0", "1", "2", "3");
        assertThat(notified)
                .extracting(n -> n.getOptions().getObserve())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(notified)
                .allSatisfy(n -> assertThat(n.advanced().getSourceContext().getPeerIdentity())
                        .isInstanceOf(SamdPrincipal.class));
    }

    @Test
    void everyNotificationIsBoundToItsRegistration() {
        observe();
        awaitNotifications(1);
        countTo(2);

        assertThat(clientDaemon.protectCalls).hasSize(1);
        assertThat(clientDaemon.unprotectCalls).hasSize(3);
        Octets reference = clientDaemon.unprotectCalls.get(0).inReplyTo();
        assertThat(clientDaemon.unprotectCalls)
                .allSatisfy(call -> assertThat(call.inReplyTo()).isEqualTo(reference));
    }

    @Test
    void aLostNotificationIsRepeatedAsTheSameOctets() {
        observe();
        awaitNotifications(1);
        AtomicInteger seen = new AtomicInteger();
        wire.responses = octets -> seen.getAndIncrement() == 0 ? List.of() : octets;

        server.count.next();
        awaitNotifications(2);

        assertThat(texts()).containsExactly("0", "1");
        int last = wire.toClient.size() - 1;
        assertThat(wire.toClient.get(last)).isEqualTo(wire.toClient.get(last - 1));
        assertThat(serverDaemon.protectCalls).hasSize(2);
    }

    @Test
    void anOlderNotificationThatComesLateIsDropped() throws Exception {
        server.count.setObserveType(CoAP.Type.NON);
        observe();
        awaitNotifications(1);
        List<byte[]> held = new CopyOnWriteArrayList<>();
        wire.responses = octets -> {
            held.add(octets.get(0));
            return held.size() == 1 ? List.of() : octets;
        };

        server.count.next();
        await().until(() -> held.size() == 1);
        server.count.next();
        awaitNotifications(2);
        wire.inject(held.get(0));
        await().until(() -> clientOptions.counters().count(STALE) == 1);

        assertThat(texts()).containsExactly("0", "2");
    }

    @Test
    void aRepeatedNotificationIsDiscardedAsReplay() {
        server.count.setObserveType(CoAP.Type.NON);
        observe();
        awaitNotifications(1);
        wire.responses = octets -> {
            byte[] again = octets.get(0).clone();
            again[3] ^= 0x40; // another Message ID, so that the stack does not know it again
            return List.of(octets.get(0), again);
        };

        server.count.next();
        await().until(() -> clientOptions.counters().discarded(DiscardReason.REPLAY) == 1);

        assertThat(texts()).containsExactly("0", "1");
    }

    @Test
    void aLargeNotificationIsFetchedBlockByBlock() {
        server.count.pad(3_000);
        observe();
        awaitNotifications(1);
        countTo(2);

        assertThat(texts()).containsExactly("0" + "x".repeat(3_000), "1" + "x".repeat(3_000), "2" + "x".repeat(3_000));
    }

    @Test
    void aCancelledObservationGetsNoMoreNotifications() {
        CoapObserveRelation relation = observe();
        awaitNotifications(1);

        relation.proactiveCancel();
        await().until(() -> server.count.getObserverCount() == 0);
        server.count.next();
        assertThat(client.send(client.request(Code.GET, "count")).getPayloadString())
                .isEqualTo("1");

        assertThat(texts()).doesNotContain("1");
    }

    @Test
    void aForgottenObservationIsRejectedAndEndsAtTheServer() {
        CoapObserveRelation relation = observe();
        awaitNotifications(1);

        relation.reactiveCancel();
        server.count.next();

        await().until(() -> server.count.getObserverCount() == 0);
        assertThat(texts()).containsExactly("0");
    }

    @Test
    void aRegistrationThatIsRefusedLeavesNoObservation() throws Exception {
        Request request = client.request(Code.GET, "nowhere");
        request.setObserve();
        CoapObserveRelation relation = program.observeAndWait(request, new CoapHandler() {
            @Override
            public void onLoad(CoapResponse response) {
                notified.add(response);
            }

            @Override
            public void onError() {
                errors.incrementAndGet();
            }
        });

        assertThat(relation.isCanceled()).isTrue();
        awaitNotifications(1);
        assertThat(notified.get(0).getCode()).isEqualTo(CoAP.ResponseCode.NOT_FOUND);
    }

    @Test
    void aNotificationThatCannotBeProtectedEndsTheObservationAtTheServer() {
        observe();
        awaitNotifications(1);
        serverDaemon.insteadOfProtect = () -> CompletableFuture.failedFuture(FakeDaemon.noSa());

        server.count.next();

        await().until(() -> server.count.getObserverCount() == 0);
        assertThat(texts()).containsExactly("0");
    }
}
