// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static dev.samd.californium.ProtectionCounters.Event.BYPASSED;
import static dev.samd.californium.ProtectionCounters.Event.CLEAR_REQUEST_REFUSED;
import static dev.samd.californium.ProtectionCounters.Event.PROTECTED;
import static dev.samd.californium.ProtectionCounters.Event.STALE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.samd.sa.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the policy of the daemon lets pass in clear, at both ends. */
class PolicyBypassTest {
    private final FakeDaemon clientDaemon = new FakeDaemon(7);
    private final FakeDaemon serverDaemon = new FakeDaemon(1_000);
    private final SamdOptions clientOptions = SamdOptions.of(clientDaemon);
    private final SamdOptions serverOptions =
            SamdOptions.of(serverDaemon).withLocal(Endpoint.parse("coap://server.example"));
    private TestServer server;
    private Wire wire;
    private TestClient client;
    private CoapEndpoint stock;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(serverOptions);
        wire = new Wire(server.address());
        client = new TestClient(clientOptions, wire.address());
        stock = TestServer.builder().build();
        stock.start();
        clientDaemon.bypasses = true;
        serverDaemon.bypasses = true;
    }

    @AfterEach
    void stop() {
        stock.destroy();
        client.close();
        wire.close();
        server.close();
        clientDaemon.close();
        serverDaemon.close();
    }

    private Request stockRequest(Code code, String payload) {
        Request request = new Request(code);
        request.getOptions().setUriPath("store");
        if (!payload.isEmpty()) {
            request.setPayload(payload);
        }
        request.setDestinationContext(new AddressEndpointContext(server.address()));
        return request.send(stock);
    }

    @Test
    void aRequestThatThePolicyBypassesLeavesInClearAndItsAnswerIsTakenAsItComes() {
        Response response = client.send(client.request(Code.POST, "store", "for everybody"));

        assertThat(response.getCode()).isEqualTo(ResponseCode.CREATED);
        assertThat(response.getPayloadString()).isEqualTo("for everybody");
        assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                .isFalse();
        assertThat(new String(wire.toServer.get(0), StandardCharsets.ISO_8859_1))
                .contains("store", "for everybody");
        assertThat(clientOptions.counters().count(BYPASSED)).isEqualTo(2);
        assertThat(clientOptions.counters().count(PROTECTED)).isZero();
    }

    @Test
    void anErrorInClearAnswersARequestInClearWithoutGrace() {
        Response response = client.send(client.request(Code.GET, "nowhere"));

        assertThat(response.getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    }

    @Test
    void bodiesOfManyBlocksPassInClearBothWays() {
        String body = "0123456789abcdef".repeat(500);

        Response response = client.send(client.request(Code.POST, "store", body));

        assertThat(response.getPayloadString()).isEqualTo(body);
        assertThat(clientOptions.counters().count(PROTECTED)).isZero();
    }

    @Test
    void anObservationPassesInClear() {
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
        server.count.next();
        await().until(() -> texts.size() == 3);

        assertThat(texts).containsExactly("0", "1", "2");
        program.shutdown();
    }

    @Test
    void aMarkedAnswerToARequestInClearIsNotTaken() {
        wire.responses = octets -> {
            Message parsed = new UdpDataParser(true, clientOptions.registry()).parseMessage(wire.toServer.get(0));
            Response marked = new Response(ResponseCode.CONTENT);
            marked.setType(CoAP.Type.ACK);
            marked.setMID(parsed.getMID());
            marked.setToken(parsed.getToken());
            marked.getOptions().addOption(new Option(OuterSigns.DTLS_RECORD, new byte[0]));
            marked.setPayload("forged");
            return List.of(new UdpDataSerializer().getByteArray(marked), octets.get(0));
        };

        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getPayloadString()).isEqualTo("nothing");
        assertThat(clientOptions.counters().count(STALE)).isOne();
        assertThat(clientDaemon.unprotectCalls).isEmpty();
    }

    @Test
    void theDaemonIsAskedAboutARequestInClearAndTheProgramSeesNobody() {
        Response response = TestClient.await(stockRequest(Code.GET, ""));

        assertThat(response.getPayloadString()).isEqualTo("nothing");
        assertThat(server.handled).hasValue(1);
        assertThat(server.context.authenticated()).isFalse();
        assertThat(server.context.getPeerAddress()).isEqualTo(stock.getAddress());
        assertThat(serverOptions.counters().count(BYPASSED)).isOne();
        assertThat(serverDaemon.unprotectCalls).hasSize(1).allSatisfy(call -> {
            assertThat(call.local()).isEqualTo(Endpoint.parse("coap://server.example"));
            assertThat(call.source())
                    .isEqualTo("127.0.0.1:" + stock.getAddress().getPort());
            assertThat(call.inReplyTo().isEmpty()).isTrue();
        });
    }

    @Test
    void aRequestInClearWhosePayloadBeginsLikeARecordMayPassToo() {
        Request request = new Request(Code.PUT);
        request.getOptions().setUriPath("store");
        request.setPayload(new byte[] {0x17, (byte) 0xfe, (byte) 0xfd, 1});
        request.setDestinationContext(new AddressEndpointContext(server.address()));

        Response response = TestClient.await(request.send(stock));

        assertThat(response.getPayloadString()).isEqualTo("stored 4");
        assertThat(server.context.authenticated()).isFalse();
    }

    @Test
    void aRequestInClearIsRefusedWhereTheDaemonIsAway() {
        serverDaemon.insteadOfUnprotect = () -> CompletableFuture.failedFuture(new IllegalStateException("no socket"));

        assertThat(TestClient.await(stockRequest(Code.GET, "")).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(server.handled).hasValue(0);
        assertThat(serverOptions.counters().count(CLEAR_REQUEST_REFUSED)).isOne();
    }

    @Test
    void strangersTakeNoPlaceOfProtectedRequests() {
        serverDaemon.insteadOfUnprotect = CompletableFuture::new;
        List<Request> strangers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            strangers.add(stockRequest(Code.GET, ""));
        }
        // Those beyond the room are refused at once, and the others wait.
        await().until(() -> serverOptions.counters().count(CLEAR_REQUEST_REFUSED) == 44);
        serverDaemon.insteadOfUnprotect = null;
        clientDaemon.bypasses = false;

        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("nothing");
        strangers.forEach(Request::cancel);
    }

    @Test
    void anEndpointThatEndsWhileTheDaemonIsAskedSendsNothing() {
        serverDaemon.insteadOfUnprotect = CompletableFuture::new;
        Request request = stockRequest(Code.GET, "");
        await().until(() -> serverDaemon.unprotectCalls.size() == 1);

        server.close();

        assertThat(serverOptions.counters().count(CLEAR_REQUEST_REFUSED)).isZero();
        request.cancel();
    }
}
