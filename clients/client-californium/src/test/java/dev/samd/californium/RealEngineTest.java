// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static dev.samd.californium.ProtectionCounters.Event.CLEAR_RESPONSE_DROPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.samd.californium.EngineHost.PairPlan;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.SaError;
import dev.samd.sa.SaId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two hosts with real engines and real keys, and what the layer has to do with them. */
class RealEngineTest {
    private final EngineHost clientHost = new EngineHost();
    private final EngineHost serverHost = new EngineHost();
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

    private PairPlan pair() {
        PairPlan plan = plan();
        EngineHost.pair(clientHost, serverHost, plan);
        return plan;
    }

    private void exchangeEverything() {
        String body = "0123456789abcdef".repeat(500);
        assertThat(client.send(client.request(Code.PUT, "store", "short")).getCode())
                .isEqualTo(ResponseCode.CHANGED);
        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("short");
        assertThat(client.send(client.request(Code.PUT, "store", body)).getPayloadString())
                .isEqualTo("stored 8000");
        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo(body);
        assertThat(client.send(client.request(Code.POST, "store", body)).getPayloadString())
                .isEqualTo(body);
        assertThat(client.send(client.request(Code.GET, "slow")).getPayloadString())
                .isEqualTo("slowly");
        assertThat(client.send(client.request(Code.DELETE, "store")).getCode()).isEqualTo(ResponseCode.DELETED);
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void everyMethodAndLargeBodiesGoThroughUnderEverySuite(CipherSuite suite) {
        EngineHost.pair(clientHost, serverHost, plan().with(suite));

        exchangeEverything();
    }

    @Test
    void theExactFormOfTheDraftGoesThroughWithoutAMarker() {
        EngineHost.pair(clientHost, serverHost, plan().with(Form.DRAFT_EXACT));

        exchangeEverything();

        assertThat(wire.toServer.get(0)[1]).isEqualTo((byte) Code.PUT.value);
    }

    @Test
    void thePrincipalIsThePeerOfTheSa() {
        pair();
        client.send(client.request(Code.GET, "store"));

        SamdPrincipal principal = (SamdPrincipal) server.principal;
        assertThat(principal.peer()).isEqualTo(Endpoint.parse("coap://client-1"));
        assertThat(principal.spi()).hasToString("5a000001");
        assertThat(principal.getName()).isEqualTo("manual:coap://client-1");
    }

    @Test
    void withoutSaNothingLeaves() {
        Request request = client.request(Code.PUT, "store", "secret");

        assertThat(client.send(request)).isNull();

        assertThat(((SamdProtectionException) request.getSendError()).error()).isEqualTo(SaError.NO_USABLE_SA);
        assertThat(wire.toServer).isEmpty();
    }

    @Test
    void aServerThatLostItsSasSaysSoAndTheClientTakesItAsUnauthenticated() {
        PairPlan plan = pair();
        client.send(client.request(Code.GET, "store"));
        serverHost.retire(plan);

        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                .isFalse();
        assertThat(serverOptions.counters().discarded(DiscardReason.NO_SUCH_SA)).isOne();
        // The daemon is told, which may ask for another pair.
        await().until(() -> !clientHost.disowned.isEmpty());
        assertThat(clientHost.disowned).containsExactly(new SaId(2L * plan.pair() + 2));
    }

    @Test
    void aRecordThatIsSentAgainInAnotherMessageIsAReplay() {
        pair();
        client.send(client.request(Code.PUT, "store", "once"));
        wire.requests = octets -> {
            byte[] again = wire.toServer.get(0).clone();
            again[3] ^= 0x40;
            return List.of(again, octets.get(0));
        };
        client.send(client.request(Code.GET, "store"));

        await().until(() -> serverOptions.counters().discarded(DiscardReason.REPLAY) == 1);
        assertThat(server.handled).hasValue(2);
    }

    @Test
    void aChangedRecordIsAnsweredWithSilence() {
        pair();
        wire.requests = octets -> {
            byte[] octet = octets.get(0).clone();
            if (wire.toServer.size() == 1) {
                octet[octet.length - 1] ^= 1;
            }
            return List.of(octet);
        };

        // The server has met the Message ID of the changed message, so the stack repeats that silence: the request is
        // lost.
        Request request = client.request(Code.GET, "store");
        assertThat(client.send(request)).isNull();
        assertThat(request.isTimedOut()).isTrue();
        assertThat(wire.toClient).isEmpty();
        assertThat(serverOptions.counters().discarded(DiscardReason.BAD_TAG)).isOne();

        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("nothing");
    }

    @Test
    void anAnswerInClearWinsNothing() {
        pair();
        wire.responses = octets -> {
            byte[] clear = octets.get(0).clone();
            int options = 4 + (clear[0] & 0x0f);
            byte[] shortened = Arrays.copyOf(clear, options);
            return wire.toClient.size() == 1 ? List.of(shortened) : octets;
        };

        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("nothing");
        assertThat(clientOptions.counters().count(CLEAR_RESPONSE_DROPPED)).isOne();
    }

    @Test
    void twoHundredConcurrentRequestsSurviveLossOfEveryTenthDatagram() {
        pair();
        AtomicInteger seen = new AtomicInteger();
        wire.requests = octets -> seen.incrementAndGet() % 10 == 0 ? List.of() : octets;
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            requests.add(client.request(Code.POST, "store", "request " + i).send(client.endpoint()));
        }

        for (int i = 0; i < requests.size(); i++) {
            assertThat(TestClient.await(requests.get(i)).getPayloadString()).isEqualTo("request " + i);
        }
        assertThat(server.handled).hasValue(200);
    }

    @Test
    void eightConcurrentUploadsBehindOneProxyStayEightCleanBodies() {
        Endpoint name = Endpoint.parse("coap://server.example");
        try (ForwardProxy proxy = new ForwardProxy(server.address())) {
            List<EngineHost> hosts = new ArrayList<>();
            List<TestClient> clients = new ArrayList<>();
            for (int i = 1; i <= 8; i++) {
                EngineHost host = new EngineHost();
                hosts.add(host);
                EngineHost.pair(host, serverHost, PairPlan.of(i, name));
                clients.add(new TestClient(SamdOptions.of(host), proxy.address()));
            }
            List<Request> uploads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String body = String.valueOf((char) ('A' + i)).repeat(8_000);
                Request upload = clients.get(i).request(Code.PUT, "store", body);
                upload.getOptions().setProxyScheme("coap").setUriHost("server.example");
                uploads.add(upload.send(clients.get(i).endpoint()));
            }

            for (Request upload : uploads) {
                assertThat(TestClient.await(upload).getCode()).isEqualTo(ResponseCode.CHANGED);
            }
            clients.forEach(TestClient::close);
            hosts.forEach(EngineHost::close);
            assertThat(server.bodies).hasSize(8);
            for (int i = 0; i < 8; i++) {
                assertThat(server.bodies)
                        .containsEntry(
                                "manual:coap://client-" + (i + 1),
                                String.valueOf((char) ('A' + i)).repeat(8_000));
            }
        }
    }

    @Test
    void anObservationGoesOnAcrossARekey() {
        PairPlan plan = pair();
        List<String> texts = new CopyOnWriteArrayList<>();
        CoapClient program = new CoapClient();
        program.setEndpoint(client.endpoint());
        Request request = client.request(Code.GET, "count");
        request.setObserve();
        program.observe(request, new CoapHandler() {
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

        EngineHost.pair(clientHost, serverHost, plan.successor());
        serverHost.retire(plan);
        server.count.next();
        await().until(() -> texts.size() == 3);
        server.count.next();
        await().until(() -> texts.size() == 4);

        assertThat(texts).containsExactly("0", "1", "2", "3");
        program.shutdown();
    }
}
