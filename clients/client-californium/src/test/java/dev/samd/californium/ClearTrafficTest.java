// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static dev.samd.californium.ProtectionCounters.Event.CLEAR_REQUEST_REFUSED;
import static dev.samd.californium.ProtectionCounters.Event.CLEAR_RESPONSE_DROPPED;
import static dev.samd.californium.ProtectionCounters.Event.UNAUTHENTICATED_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClearTrafficTest {
    private final FakeDaemon clientDaemon = new FakeDaemon(7);
    private final FakeDaemon serverDaemon = new FakeDaemon(1_000);
    private final SamdOptions clientOptions =
            SamdOptions.of(clientDaemon).withClearPaths("/slow").withGrace(Duration.ofMillis(700));
    private final SamdOptions serverOptions = SamdOptions.of(serverDaemon).withClearPaths("/slow", "/a/b");
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

    private Response sendStock(Request request) {
        request.setDestinationContext(new AddressEndpointContext(server.address()));
        request.send(stock);
        return TestClient.await(request);
    }

    private static Request stockRequest(Code code, String path) {
        Request request = new Request(code);
        request.getOptions().setUriPath(path);
        return request;
    }

    /** A clear answer to the protected request in these octets. */
    private static byte[] clearAnswer(byte[] request, ResponseCode code, String payload) {
        Message parsed =
                new UdpDataParser(true, OuterSigns.registry(SamdOptions.of(null).registry())).parseMessage(request);
        Response response = new Response(code);
        response.setType(CoAP.Type.ACK);
        response.setMID(parsed.getMID());
        response.setToken(parsed.getToken());
        response.setPayload(payload);
        return new UdpDataSerializer().getByteArray(response);
    }

    @Test
    void aRequestInClearIsRefusedWithUnauthorized() {
        Response response = sendStock(stockRequest(Code.GET, "store"));

        assertThat(response.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(server.handled).hasValue(0);
        assertThat(serverOptions.counters().count(CLEAR_REQUEST_REFUSED)).isOne();
    }

    @Test
    void anUnknownPathInClearIsRefusedLikeAKnownOne() {
        assertThat(sendStock(stockRequest(Code.GET, "nowhere")).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    }

    @Test
    void aPathThatTheProgramNamesIsServedInClear() {
        assertThat(sendStock(stockRequest(Code.GET, "slow")).getPayloadString()).isEqualTo("slowly");
    }

    @Test
    void nothingBelowANamedPathIsServedInClear() {
        assertThat(sendStock(stockRequest(Code.GET, "slow/below")).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(sendStock(stockRequest(Code.GET, "a")).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
        assertThat(sendStock(stockRequest(Code.GET, "a/b")).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    }

    @Test
    void aNamedPathIsComparedBySegments() {
        Request oneSegment = new Request(Code.GET);
        oneSegment.getOptions().addUriPath("a/b");

        assertThat(sendStock(oneSegment).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    }

    @Test
    void aRequestForTheProxyFunctionIsNotServedInClear() {
        Request request = stockRequest(Code.GET, "slow");
        request.getOptions().setProxyScheme("coap").setUriHost("elsewhere.example");

        assertThat(sendStock(request).getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    }

    @Test
    void aPathThatTheClientNamesLeavesInClear() {
        Response response = client.send(client.request(Code.GET, "slow"));

        assertThat(response.getPayloadString()).isEqualTo("slowly");
        assertThat(clientDaemon.protectCalls).isEmpty();
        assertThat(new String(wire.toServer.get(0), StandardCharsets.ISO_8859_1))
                .contains("slow");
    }

    @Test
    void aPingIsAnsweredInClear() {
        Request ping = Request.newPing();
        ping.setType(CoAP.Type.CON);
        ping.setToken(new byte[0]);
        ping.setDestinationContext(new AddressEndpointContext(wire.address()));
        ping.send(client.endpoint());
        TestClient.await(ping);

        assertThat(ping.isRejected()).isTrue();
        assertThat(clientDaemon.protectCalls).isEmpty();
    }

    @Test
    void anUnprotectedSuccessIsDroppedAndTheProtectedAnswerTaken() {
        AtomicInteger answers = new AtomicInteger();
        wire.responses = octets -> answers.getAndIncrement() == 0
                ? List.of(clearAnswer(wire.toServer.get(0), ResponseCode.CONTENT, "forged"))
                : octets;

        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getPayloadString()).isEqualTo("nothing");
        assertThat(clientOptions.counters().count(CLEAR_RESPONSE_DROPPED)).isOne();
    }

    @Test
    void anUnprotectedErrorEndsTheRequestMarkedAsUnauthenticated() {
        wire.responses = octets -> List.of(clearAnswer(wire.toServer.get(0), ResponseCode.BAD_GATEWAY, "no route"));

        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getCode()).isEqualTo(ResponseCode.BAD_GATEWAY);
        assertThat(response.getPayloadString()).isEqualTo("no route");
        assertThat(response.getSourceContext().getPeerIdentity()).isNull();
        assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                .isFalse();
        assertThat(clientOptions.counters().count(UNAUTHENTICATED_ERROR)).isOne();
    }

    @Test
    void aProtectedAnswerWithinTheGraceWinsOverAnUnprotectedError() {
        wire.responses =
                octets -> List.of(clearAnswer(wire.toServer.get(0), ResponseCode.UNAUTHORIZED, ""), octets.get(0));

        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getPayloadString()).isEqualTo("nothing");
        assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                .isTrue();
        assertThat(clientOptions.counters().count(UNAUTHENTICATED_ERROR)).isZero();
    }

    @Test
    void aStockEndpointRefusesTheMarkerThatTheOneLineRegisters() throws Exception {
        try (TestStock plain = new TestStock()) {
            TestClient toStock = new TestClient(clientOptions, plain.address());
            Response response = toStock.send(toStock.request(Code.GET, "store"));
            toStock.close();

            assertThat(response.getCode()).isEqualTo(ResponseCode.BAD_OPTION);
            assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                    .isFalse();
        }
    }
}
