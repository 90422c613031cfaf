// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.samd.sa.Octets;
import dev.samd.sa.Rights;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProtectedExchangeTest {
    private final FakeDaemon clientDaemon = new FakeDaemon(7);
    private final FakeDaemon serverDaemon = new FakeDaemon(1_000);
    private final SamdOptions clientOptions = SamdOptions.of(clientDaemon);
    private final SamdOptions serverOptions = SamdOptions.of(serverDaemon);
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

    @Test
    void putGetPostAndDeleteGoThrough() {
        assertThat(client.send(client.request(Code.PUT, "store", "a body")).getCode())
                .isEqualTo(ResponseCode.CHANGED);
        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("a body");
        assertThat(client.send(client.request(Code.POST, "store", "echo")).getPayloadString())
                .isEqualTo("echo");
        assertThat(client.send(client.request(Code.DELETE, "store")).getCode()).isEqualTo(ResponseCode.DELETED);
        assertThat(client.send(client.request(Code.GET, "store")).getPayloadString())
                .isEqualTo("nothing");
    }

    @Test
    void whatTheWireSeesIsProtected() {
        client.send(client.request(Code.PUT, "store", "secret words"));

        List<byte[]> seen = new ArrayList<>(wire.toServer);
        seen.addAll(wire.toClient);
        assertThat(seen).hasSize(2).allSatisfy(octets -> {
            String text = new String(octets, StandardCharsets.ISO_8859_1);
            assertThat(text).doesNotContain("secret", "store", "stored");
        });
        assertThat(wire.toServer.get(0)[1]).isEqualTo((byte) Code.POST.value);
        assertThat(wire.toClient.get(0)[1]).isEqualTo((byte) ResponseCode.CHANGED.value);
    }

    @Test
    void theServerSeesAnAuthenticatedPrincipalAndNoTransportAddress() {
        client.send(client.request(Code.GET, "store"));

        assertThat(server.principal).isInstanceOf(SamdPrincipal.class);
        SamdPrincipal principal = (SamdPrincipal) server.principal;
        assertThat(principal.kmp()).isEqualTo("manual");
        assertThat(principal.identity().value()).isEqualTo("coap://client-7");
        assertThat(principal.spi()).hasToString("d4c3b2a1");
        assertThat(principal.scope()).hasSize(1);
        assertThat(server.context.authenticated()).isTrue();
        assertThat(server.context.getPeerAddress().getAddress().getHostAddress().toLowerCase(Locale.ROOT))
                .isEqualTo("fd73:616d:6400:0:0:0:0:7");
        assertThat(server.context.transport().getPeerAddress().getAddress().isLoopbackAddress())
                .isTrue();
    }

    @Test
    void theClientSeesTheServersPrincipal() {
        Response response = client.send(client.request(Code.GET, "store"));

        assertThat(response.getSourceContext().getPeerIdentity()).isInstanceOf(SamdPrincipal.class);
        assertThat(response.getSourceContext().getPeerAddress()).isEqualTo(wire.address());
        assertThat(response.getApplicationRttNanos()).isPositive();
    }

    @Test
    void aSeparateResponseGoesThrough() {
        assertThat(client.send(client.request(Code.GET, "slow")).getPayloadString())
                .isEqualTo("slowly");
    }

    @Test
    void aRejectedRequestEndsAsRejected() {
        Request request = client.request(Code.GET, "rejecting");

        assertThat(client.send(request)).isNull();

        assertThat(request.isRejected()).isTrue();
        assertThat(wire.toClient).hasSize(1).allSatisfy(octets -> assertThat(octets)
                .hasSize(4));
    }

    @Test
    void aNonConfirmableRequestGoesThrough() {
        Request request = client.request(Code.GET, "store");
        request.setType(CoAP.Type.NON);

        Response response = client.send(request);

        assertThat(response.getType()).isEqualTo(CoAP.Type.NON);
        assertThat(response.getPayloadString()).isEqualTo("nothing");
    }

    @Test
    void largeBodiesGoThroughInBothDirections() {
        String body = "0123456789abcdef".repeat(1_000);

        Response put = client.send(client.request(Code.PUT, "store", body));
        Response get = client.send(client.request(Code.GET, "store"));
        Response post = client.send(client.request(Code.POST, "store", body));

        assertThat(put.getPayloadString()).isEqualTo("stored 16000");
        assertThat(get.getPayloadString()).isEqualTo(body);
        assertThat(post.getPayloadString()).isEqualTo(body);
    }

    @Test
    void theProgramsRequestKnowsItsTokenOnceItIsSent() {
        Request request = client.request(Code.GET, "store");

        Response response = client.send(request);

        assertThat(request.getToken()).isNotNull().isEqualTo(response.getToken());
        assertThat(request.isSent()).isTrue();
    }

    @Test
    void aTokenOfTheProgramIsKept() {
        Request request = client.request(Code.GET, "store");
        request.setToken(new byte[] {1, 2, 3});

        Response response = client.send(request);

        assertThat(response.getTokenString()).isEqualTo("010203");
    }

    @Test
    void theProgramSeesWhatTheCredentialOfThePeerAllows() {
        Rights rights = new Rights("coaps://as.example", "device-7", "read", Octets.ofHex("0a"), Optional.empty());
        serverDaemon.rights = rights;

        client.send(client.request(Code.GET, "store"));

        assertThat(((SamdPrincipal) server.principal).rights()).isEqualTo(rights);
    }

    @Test
    void aPeerWithoutCredentialHasNoRightsToShow() {
        client.send(client.request(Code.GET, "store"));

        assertThat(((SamdPrincipal) server.principal).rights()).isEqualTo(Rights.NONE);
    }

    @Test
    void theDaemonSeesNeitherMessageIdNorToken() {
        client.send(client.request(Code.GET, "store"));

        assertThat(clientDaemon.protectCalls).hasSize(1).allSatisfy(call -> {
            assertThat(call.coap().toHex()).startsWith("50010000");
            assertThat(call.inReplyTo().isEmpty()).isTrue();
            assertThat(call.defaultTarget()).isEqualTo(client.target());
        });
        assertThat(serverDaemon.protectCalls)
                .hasSize(1)
                .allSatisfy(call -> assertThat(call.inReplyTo().isEmpty()).isFalse());
    }

    @Test
    void aRequestThatNamesItsTargetHasNoDefaultTarget() {
        Request request = client.request(Code.GET, "store");
        request.getOptions().setUriHost("server.example");
        client.send(request);

        assertThat(clientDaemon.protectCalls).hasSize(1).allSatisfy(call -> {
            assertThat(call.defaultTarget().isHostWide()).isTrue();
            assertThat(call.via()).isEmpty();
        });
    }

    @Test
    void aRequestThroughAProxyNamesItAsNextHop() {
        Request byScheme = client.request(Code.GET, "store");
        byScheme.getOptions().setProxyScheme("coap").setUriHost("server.example");
        byScheme.send(client.endpoint());
        Request byUri = client.request(Code.GET, "");
        byUri.getOptions().clearUriPath().setProxyUri("coap://server.example/store");
        byUri.send(client.endpoint());
        await().until(() -> clientDaemon.protectCalls.size() == 2);

        assertThat(clientDaemon.protectCalls).allSatisfy(call -> {
            assertThat(call.defaultTarget().isHostWide()).isTrue();
            assertThat(call.via()).isEqualTo(client.target().uri());
        });
        byScheme.cancel();
        byUri.cancel();
    }

    @Test
    void anUnknownResourceIsAProtectedError() {
        Response response = client.send(client.request(Code.GET, "nowhere"));

        assertThat(response.getCode()).isEqualTo(ResponseCode.NOT_FOUND);
        assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                .isTrue();
    }

    @Test
    void anUnknownCriticalOptionInsideIsAProtectedBadOption() {
        Request request = client.request(Code.GET, "store");
        request.getOptions().addOption(new Option(FakeDaemon.UNKNOWN, new byte[] {1}));

        Response response = client.send(request);

        assertThat(response.getCode()).isEqualTo(ResponseCode.BAD_OPTION);
        assertThat(((SamdEndpointContext) response.getSourceContext()).authenticated())
                .isTrue();
    }
}
