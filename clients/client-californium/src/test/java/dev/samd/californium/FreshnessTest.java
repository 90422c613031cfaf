// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static dev.samd.californium.ProtectionCounters.Event.CHALLENGED;
import static dev.samd.californium.ProtectionCounters.Event.REPEATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.samd.californium.EngineHost.PairPlan;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapObserveRelation;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server whose policy wants fresh requests, and a client that knows nothing of it; both with real engines. */
class FreshnessTest {
    private static final long MAX_AGE = 30_000_000_000L;
    private static final String BODY = "0123456789abcdef".repeat(500);

    private final FreshGate gate = new FreshGate(MAX_AGE);
    private final EngineHost clientHost = new EngineHost();
    private final EngineHost serverHost = new EngineHost(gate);
    private final SamdOptions clientOptions = SamdOptions.of(clientHost);
    private final SamdOptions serverOptions = SamdOptions.of(serverHost);
    private TestServer server;
    private Wire wire;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(serverOptions);
        wire = new Wire(server.address());
        client = new TestClient(clientOptions, wire.address());
        EngineHost.pair(clientHost, serverHost, plan());
    }

    @AfterEach
    void stop() {
        client.close();
        wire.close();
        server.close();
        clientHost.close();
        serverHost.close();
    }

    private PairPlan plan() {
        return PairPlan.of(1, client.target());
    }

    private long challenged() {
        return serverOptions.counters().count(CHALLENGED);
    }

    private long repeated() {
        return clientOptions.counters().count(REPEATED);
    }

    @Test
    void challengedRequestIsRepeatedAndTheProgramSeesTheAnswerAlone() {
        Request request = client.request(Code.PUT, "store", "short");

        Response response = client.send(request);

        assertThat(response.getCode()).isEqualTo(ResponseCode.CHANGED);
        assertThat(request.getOptions().getOthers()).isEmpty();
        assertThat(server.handled).hasValue(1);
        assertThat(challenged()).isOne();
        assertThat(repeated()).isOne();
        assertThat(wire.toServer).hasSize(2);
    }

    @Test
    void valueGoesAlongWithLaterRequestsToTheSameTarget() {
        client.send(client.request(Code.PUT, "store", "short"));

        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("short");
        assertThat(client.send(client.request(Code.GET, "slow")).getPayloadString())
                .isEqualTo("slowly");
        assertThat(challenged()).isOne();
    }

    @Test
    void resourceSeesNoEchoValue() {
        List<Integer> options = new CopyOnWriteArrayList<>();
        server.program().add(new CoapResource("look") {
            @Override
            public void handleGET(CoapExchange exchange) {
                exchange.advanced()
                        .getRequest()
                        .getOptions()
                        .asSortedList()
                        .forEach(one -> options.add(one.getNumber()));
                exchange.respond(ResponseCode.CONTENT, "seen");
            }
        });

        assertThat(client.send(client.request(Code.GET, "look")).getPayloadString())
                .isEqualTo("seen");
        assertThat(options).doesNotContain(StandardOptionRegistry.ECHO.getNumber());
    }

    @Test
    void staleValueIsReplaced() {
        client.send(client.request(Code.PUT, "store", "short"));
        serverHost.aheadNanos.addAndGet(MAX_AGE + 1);

        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("short");
        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("short");
        assertThat(repeated()).isEqualTo(2);
    }

    @Test
    void requestIsRepeatedOnceAndThenTheProgramIsTold() {
        gate.maxAgeNanos = 1;

        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                .isTrue();
        assertThat(response.getOptions()
                        .getOtherOption(StandardOptionRegistry.ECHO)
                        .getValue())
                .hasSize(16);
        assertThat(server.handled).hasValue(0);
        assertThat(repeated()).isOne();
    }

    @Test
    void echoOfTheProgramIsLeftAlone() {
        Request own = client.request(Code.GET, "store");
        own.getOptions().addOption(StandardOptionRegistry.ECHO.create(new byte[] {1}));

        Response challenge = client.send(own);

        assertThat(challenge.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(wire.toServer).hasSize(1);
        Request again = client.request(Code.GET, "store");
        again.getOptions().addOption(challenge.getOptions().getOtherOption(StandardOptionRegistry.ECHO));
        assertThat(client.send(again).getPayloadString()).isEqualTo("nothing");
        assertThat(repeated()).isZero();
    }

    @Test
    void bodiesInBlocksAreChallengedAtTheirFirstBlock() {
        assertThat(client.send(client.request(Code.PUT, "store", BODY)).getPayloadString())
                .isEqualTo("stored 8000");
        assertThat(challenged()).isOne();

        serverHost.aheadNanos.addAndGet(MAX_AGE + 1);
        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo(BODY);
        assertThat(challenged()).isEqualTo(2);
    }

    @Test
    void valueThatBecomesStaleInTheMiddleOfABodyIsReplacedThere() {
        wire.requests = octets -> {
            if (wire.toServer.size() == 6) {
                serverHost.aheadNanos.addAndGet(MAX_AGE + 1);
            }
            return octets;
        };

        assertThat(client.send(client.request(Code.POST, "store", BODY)).getPayloadString())
                .isEqualTo(BODY);
        assertThat(challenged()).isEqualTo(2);
        assertThat(repeated()).isEqualTo(2);
    }

    @Test
    void registrationIsRepeatedAndItsNotificationsCome() {
        List<String> texts = new CopyOnWriteArrayList<>();
        CoapClient program = new CoapClient();
        program.setEndpoint(client.endpoint());
        Request request = client.request(Code.GET, "count");
        request.setObserve();
        CoapObserveRelation relation = program.observe(request, new CoapHandler() {
            @Override
            public void onLoad(CoapResponse response) {
                texts.add(response.getResponseText());
            }

            @Override
            public void onError() {
                texts.add("error");
            }
        });
        await().until(() -> texts.size() == 1);
        server.count.next();
        await().until(() -> texts.size() == 2);
        server.count.next();
        await().until(() -> texts.size() == 3);

        assertThat(texts).containsExactly("0", "1", "2");
        assertThat(repeated()).isOne();
        relation.proactiveCancel();
        await().until(() -> server.count.getObserverCount() == 0);
        program.shutdown();
    }

    @Test
    void notificationInBlocksIsFetchedThoughTheValueIsStale() {
        server.count.pad(3_000);
        List<Integer> lengths = new CopyOnWriteArrayList<>();
        CoapClient program = new CoapClient();
        program.setEndpoint(client.endpoint());
        Request request = client.request(Code.GET, "count");
        request.setObserve();
        program.observe(request, new CoapHandler() {
            @Override
            public void onLoad(CoapResponse response) {
                lengths.add(response.getPayload().length);
            }

            @Override
            public void onError() {
                lengths.add(-1);
            }
        });
        await().until(() -> lengths.size() == 1);
        serverHost.aheadNanos.addAndGet(MAX_AGE + 1);
        server.count.next();
        await().until(() -> lengths.size() == 2);

        assertThat(lengths).containsExactly(3_001, 3_001);
        program.shutdown();
    }

    @Test
    void nonConfirmableRequestIsRepeatedToo() {
        Request request = client.request(Code.GET, "store");
        request.setType(CoAP.Type.NON);

        assertThat(client.send(request).getPayloadString()).isEqualTo("nothing");
        assertThat(repeated()).isOne();
    }

    @Test
    void exactFormOfTheDraftIsChallengedToo() {
        Endpoint name = Endpoint.parse("coap://draft.example");
        EngineHost.pair(
                clientHost,
                serverHost,
                new PairPlan(2, 0, Endpoint.parse("coap://client-2"), name, plan().suite(), Form.DRAFT_EXACT));
        Request request = client.request(Code.PUT, "store", BODY);
        request.getOptions().setUriHost("draft.example");

        assertThat(client.send(request).getPayloadString()).isEqualTo("stored 8000");
        assertThat(challenged()).isOne();
    }

    @Test
    void lostChallengeIsSentAgain() {
        AtomicInteger answers = new AtomicInteger();
        wire.responses = octets -> answers.incrementAndGet() == 1 ? List.of() : octets;

        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("nothing");
        assertThat(challenged()).isOne();
        assertThat(repeated()).isOne();
    }

    @Test
    void manyAtOnceWithLossAreEachHandledOnce() {
        AtomicInteger seen = new AtomicInteger();
        wire.requests = octets -> seen.incrementAndGet() % 10 == 0 ? List.of() : octets;
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(client.request(Code.POST, "store", "request " + i).send(client.endpoint()));
        }

        for (int i = 0; i < requests.size(); i++) {
            assertThat(TestClient.await(requests.get(i)).getPayloadString()).isEqualTo("request " + i);
        }
        assertThat(server.handled).hasValue(100);
    }
}
