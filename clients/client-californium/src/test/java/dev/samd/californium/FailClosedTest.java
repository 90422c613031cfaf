// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static dev.samd.californium.ProtectionCounters.Event.DAEMON_ABSENT;
import static dev.samd.californium.ProtectionCounters.Event.NOT_PROTECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.samd.client.Discarded;
import dev.samd.client.ProtectOutcome;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailClosedTest {
    private final FakeDaemon clientDaemon = new FakeDaemon(7);
    private final FakeDaemon serverDaemon = new FakeDaemon(1_000);
    private final SamdOptions clientOptions = SamdOptions.of(clientDaemon).withAcquireTimeout(Duration.ofMillis(300));
    private final SamdOptions serverOptions = SamdOptions.of(serverDaemon).withCallTimeout(Duration.ofMillis(300));
    private TestServer server;
    private Wire wire;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(serverOptions);
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

    private static SaError errorOf(Request request) {
        assertThat(request.getSendError()).isInstanceOf(SamdProtectionException.class);
        return ((SamdProtectionException) request.getSendError()).error();
    }

    @Test
    void withoutSaTheCallerGetsAnErrorThatSaysSoAndNothingLeaves() {
        clientDaemon.insteadOfProtect = () -> CompletableFuture.failedFuture(FakeDaemon.noSa());
        Request request = client.request(Code.PUT, "store", "secret");

        assertThat(client.send(request)).isNull();

        assertThat(errorOf(request)).isEqualTo(SaError.NO_USABLE_SA);
        assertThat(request.getSendError()).hasMessageContaining("NO_USABLE_SA").hasMessageContaining("coap://server");
        assertThat(((SamdProtectionException) request.getSendError()).retryable())
                .isTrue();
        assertThat(wire.toServer).isEmpty();
        assertThat(clientOptions.counters().count(NOT_PROTECTED)).isOne();
    }

    @Test
    void aBlockThatCannotBeProtectedEndsTheWholeRequestAndIsToldOnce() {
        AtomicInteger calls = new AtomicInteger();
        clientDaemon.insteadOfProtect = () -> calls.incrementAndGet() <= 2
                ? CompletableFuture.completedFuture(
                        clientDaemon.sealed(clientDaemon.protectCalls.get(clientDaemon.protectCalls.size() - 1)))
                : CompletableFuture.failedFuture(FakeDaemon.noSa());
        Request request = client.request(Code.PUT, "store", "x".repeat(5_000));
        AtomicInteger told = new AtomicInteger();
        request.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onSendError(Throwable error) {
                told.incrementAndGet();
            }
        });

        assertThat(client.send(request)).isNull();

        assertThat(errorOf(request)).isEqualTo(SaError.NO_USABLE_SA);
        assertThat(told).hasValue(1);
        assertThat(server.handled).hasValue(0);
    }

    @Test
    void aDaemonThatCannotBeReachedIsAnErrorOfTheRequest() {
        clientDaemon.insteadOfProtect = () -> CompletableFuture.failedFuture(new IllegalStateException("no socket"));
        Request request = client.request(Code.GET, "store");

        assertThat(client.send(request)).isNull();

        assertThat(errorOf(request)).isEqualTo(SaError.SHUTTING_DOWN);
        assertThat(request.getSendError()).hasMessageContaining("no socket");
    }

    @Test
    void aDaemonThatThrowsIsAnErrorOfTheRequest() {
        clientDaemon.insteadOfProtect = () -> {
            throw FakeDaemon.noSa();
        };
        Request request = client.request(Code.GET, "store");

        assertThat(client.send(request)).isNull();

        assertThat(errorOf(request)).isEqualTo(SaError.NO_USABLE_SA);
    }

    @Test
    void aDaemonThatNeverAnswersIsGivenUpAfterTheAcquireTimeout() {
        clientDaemon.insteadOfProtect = CompletableFuture::new;
        Request request = client.request(Code.GET, "store");

        assertThat(client.send(request)).isNull();

        assertThat(errorOf(request)).isEqualTo(SaError.TIMED_OUT);
        assertThat(wire.toServer).isEmpty();
    }

    @Test
    void anAnswerOfTheDaemonThatComesTooLateSendsNothing() {
        CompletableFuture<ProtectOutcome> late = new CompletableFuture<>();
        clientDaemon.insteadOfProtect = () -> late;
        Request request = client.request(Code.GET, "store");
        client.send(request);

        late.complete(clientDaemon.sealed(clientDaemon.protectCalls.get(0)));
        clientDaemon.insteadOfProtect = null;
        client.send(client.request(Code.GET, "store"));

        assertThat(wire.toServer).hasSize(1);
    }

    @Test
    void moreThanTheRoomOfParkedRequestsIsRefusedAtOnce() {
        clientDaemon.insteadOfProtect = CompletableFuture::new;
        List<Request> requests = new ArrayList<>();
        TestClient narrow = new TestClient(clientOptions.withMaxParked(3), wire.address());
        for (int i = 0; i < 4; i++) {
            requests.add(narrow.request(Code.GET, "store").send(narrow.endpoint()));
        }

        requests.forEach(TestClient::await);
        narrow.close();

        assertThat(requests)
                .extracting(FailClosedTest::errorOf)
                .containsExactlyInAnyOrder(SaError.TIMED_OUT, SaError.TIMED_OUT, SaError.TIMED_OUT, SaError.TOO_MANY);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"KMP_FAILED", "NO_KMP", "HELD_DOWN", "DENIED_BY_POLICY", "TIMED_OUT", "IDENTITY_NOT_AUTHORIZED"})
    void whyNoSaCouldBeAcquiredIsTheSendErrorOfTheRequest(SaError reason) {
        clientDaemon.insteadOfProtect = () -> CompletableFuture.failedFuture(
                new SaException(reason, "coap://server", "ace: 4.01 from coap://server"));
        Request request = client.request(Code.GET, "store");

        assertThat(client.send(request)).isNull();

        assertThat(errorOf(request)).isEqualTo(reason);
        assertThat(request.getSendError())
                .hasMessageContaining(reason.name())
                .hasMessageContaining("ace: 4.01 from coap://server");
        assertThat(((SamdProtectionException) request.getSendError()).retryable())
                .isEqualTo(reason.retryable());
        assertThat(wire.toServer).isEmpty();
    }

    @Test
    void aRequestWaitsForItsSaLongerThanAnythingElseForTheDaemon() {
        CompletableFuture<ProtectOutcome> acquiring = new CompletableFuture<>();
        clientDaemon.insteadOfProtect = () -> acquiring;
        clientDaemon.insteadOfUnprotect = CompletableFuture::new;
        SamdOptions patient = SamdOptions.of(clientDaemon).withCallTimeout(Duration.ofMillis(300));
        try (TestClient waiting = new TestClient(patient, wire.address());
                TestClient other = new TestClient(
                        SamdOptions.of(serverDaemon), waiting.endpoint().getAddress())) {
            Request request = waiting.request(Code.GET, "store").send(waiting.endpoint());
            await().until(() -> !clientDaemon.protectCalls.isEmpty());
            // What came later is given up before it.
            other.request(Code.GET, "store").send(other.endpoint());
            await().until(() -> patient.counters().count(DAEMON_ABSENT) > 0);
            clientDaemon.insteadOfUnprotect = null;

            acquiring.complete(clientDaemon.sealed(clientDaemon.protectCalls.get(0)));

            assertThat(TestClient.await(request).getPayloadString()).isEqualTo("nothing");
            assertThat(clientDaemon.protectCalls.get(0).patience()).isEqualTo(Duration.ofSeconds(29));
        }
    }

    @Test
    void requestsThatWaitForSasTakeNoPlaceOfResponses() {
        clientDaemon.insteadOfProtect = CompletableFuture::new;
        try (TestServer narrow = new TestServer(SamdOptions.of(clientDaemon).withMaxParked(1));
                TestClient other = new TestClient(SamdOptions.of(serverDaemon), narrow.address())) {
            Request waits = client.request(Code.GET, "store").send(narrow.endpoint());
            await().until(() -> clientDaemon.protectCalls.size() == 1);
            clientDaemon.insteadOfProtect = null;

            assertThat(other.send(other.request(Code.GET, "store")).getPayloadString())
                    .isEqualTo("nothing");
            assertThat(waits.getSendError()).isNull();
        }
    }

    @Test
    void aCancelledRequestGivesItsPlaceUp() {
        clientDaemon.insteadOfProtect = CompletableFuture::new;
        TestClient narrow = new TestClient(SamdOptions.of(clientDaemon).withMaxParked(1), wire.address());
        Request waits = narrow.request(Code.GET, "store").send(narrow.endpoint());
        await().until(() -> clientDaemon.protectCalls.size() == 1);
        clientDaemon.insteadOfProtect = null;

        waits.cancel();

        await().untilAsserted(() -> assertThat(
                        narrow.send(narrow.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("nothing"));
        narrow.close();
    }

    @Test
    void aRequestCancelledWhileParkedIsNotSent() {
        CompletableFuture<ProtectOutcome> parked = new CompletableFuture<>();
        clientDaemon.insteadOfProtect = () -> parked;
        Request request = client.request(Code.GET, "store").send(client.endpoint());
        await().until(() -> !clientDaemon.protectCalls.isEmpty());

        request.cancel();
        parked.complete(clientDaemon.sealed(clientDaemon.protectCalls.get(0)));
        clientDaemon.insteadOfProtect = null;
        client.send(client.request(Code.GET, "store"));

        assertThat(wire.toServer).hasSize(1);
        assertThat(server.handled).hasValue(1);
    }

    @Test
    void aCancelledRequestThatWasSentTakesNoAnswer() {
        wire.responses = octets -> List.of();
        Request request = client.request(Code.GET, "store").send(client.endpoint());
        await().until(() -> !wire.toClient.isEmpty());

        request.cancel();

        assertThat(TestClient.await(request)).isNull();
        assertThat(request.getResponse()).isNull();
    }

    @Test
    void theEndOfTheEndpointEndsParkedRequestsWithAnError() {
        SamdOptions patient = SamdOptions.of(clientDaemon);
        clientDaemon.insteadOfProtect = CompletableFuture::new;
        List<Request> requests = new ArrayList<>();
        try (TestClient ending = new TestClient(patient, wire.address())) {
            for (int i = 0; i < 20; i++) {
                requests.add(ending.request(Code.GET, "store").send(ending.endpoint()));
            }
            await().until(() -> clientDaemon.protectCalls.size() == 20);
        }

        requests.forEach(TestClient::await);

        assertThat(requests).extracting(FailClosedTest::errorOf).containsOnly(SaError.SHUTTING_DOWN);
        assertThat(wire.toServer).isEmpty();
    }

    @Test
    void aResponseThatCannotBeProtectedIsNotSentAndNothingInItsPlace() {
        serverDaemon.insteadOfProtect = () -> CompletableFuture.failedFuture(FakeDaemon.noSa());
        Request request = client.request(Code.GET, "store");

        assertThat(client.send(request)).isNull();

        assertThat(request.isTimedOut()).isTrue();
        assertThat(server.handled).hasValue(1);
        assertThat(wire.toClient).isEmpty();
        assertThat(serverOptions.counters().count(NOT_PROTECTED)).isOne();
    }

    @Test
    void aServerWhoseDaemonIsAbsentIsSilent() {
        serverDaemon.insteadOfUnprotect = () -> CompletableFuture.failedFuture(new IllegalStateException("gone"));
        Request request = client.request(Code.GET, "store");

        assertThat(client.send(request)).isNull();

        assertThat(request.isTimedOut()).isTrue();
        assertThat(wire.toClient).isEmpty();
        assertThat(serverOptions.counters().count(DAEMON_ABSENT)).isPositive();
    }

    @Test
    void aDiscardedRequestIsAnsweredWithSilence() {
        serverDaemon.insteadOfUnprotect =
                () -> CompletableFuture.completedFuture(new Discarded(DiscardReason.BAD_TAG, Optional.empty(), false));
        Request request = client.request(Code.GET, "store");

        assertThat(client.send(request)).isNull();

        assertThat(wire.toClient).isEmpty();
        assertThat(serverOptions.counters().discarded(DiscardReason.BAD_TAG)).isPositive();
    }

    @Test
    void onlyThatThereIsNoSaIsToldToTheNetworkWithoutText() {
        serverDaemon.insteadOfUnprotect = () ->
                CompletableFuture.completedFuture(new Discarded(DiscardReason.NO_SUCH_SA, Optional.empty(), true));
        Request request = client.request(Code.GET, "store");

        Response response = client.send(request);

        assertThat(response.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(response.getPayloadSize()).isZero();
        assertThat(response.getOptions().getMaxAge()).isZero();
        assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                .isFalse();
    }

    @Test
    void tellingThatThereIsNoSaIsLimitedInRate() {
        serverDaemon.insteadOfUnprotect = () ->
                CompletableFuture.completedFuture(new Discarded(DiscardReason.NO_SUCH_SA, Optional.empty(), true));

        for (int i = 0; i < 200; i++) {
            Request request = client.request(Code.GET, "store");
            request.setType(CoAP.Type.NON);
            request.send(client.endpoint());
        }
        await().until(() -> serverOptions.counters().discarded(DiscardReason.NO_SUCH_SA) == 200);

        // Ten in each second that the burst took: all of them only if it took nineteen.
        assertThat(wire.toClient).hasSizeLessThan(200);
    }

    @Test
    void aGroupOfReceiversIsRefused() {
        Request request = new Request(Code.GET);
        request.setType(CoAP.Type.NON);
        request.setURI("coap://224.0.1.187/store");

        assertThat(client.send(request)).isNull();

        assertThat(request.getSendError()).isNotNull();
        assertThat(wire.toServer).isEmpty();
    }

    @Test
    void theSourceOfAProtectedRequestIsNoDestination() {
        client.send(client.request(Code.GET, "store"));
        Request back = new Request(Code.GET);
        back.setDestinationContext(server.context);

        back.send(server.endpoint());
        TestClient.await(back);

        assertThat(errorOf(back)).isEqualTo(SaError.NO_TARGET);
    }
}
