// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many clients behind one proxy, which for the server all have the proxy's address and port. */
class SharedProxyTest {
    private static final int CLIENTS = 8;

    private final FakeDaemon serverDaemon = new FakeDaemon(1_000);
    private final TestServer server = new TestServer(SamdOptions.of(serverDaemon));
    private final ForwardProxy proxy = new ForwardProxy(server.address());
    private final List<FakeDaemon> daemons = new ArrayList<>();
    private final List<TestClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(TestClient::close);
        proxy.close();
        server.close();
        daemons.forEach(FakeDaemon::close);
        serverDaemon.close();
    }

    private TestClient client(long pair) {
        FakeDaemon daemon = new FakeDaemon(pair);
        daemons.add(daemon);
        TestClient client = new TestClient(SamdOptions.of(daemon), proxy.address());
        clients.add(client);
        return client;
    }

    private static String body(int client) {
        return String.valueOf((char) ('A' + client)).repeat(8_000);
    }

    private static Request throughProxy(Request request) {
        request.getOptions().setProxyScheme("coap").setUriHost("server.example");
        return request;
    }

    @Test
    void eightConcurrentUploadsToOneResourceStayEightCleanBodies() {
        List<Request> uploads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            client(i + 1);
        }
        for (int i = 0; i < CLIENTS; i++) {
            Request upload = throughProxy(clients.get(i).request(Code.PUT, "store", body(i)));
            uploads.add(upload.send(clients.get(i).endpoint()));
        }

        List<Response> answers = uploads.stream().map(TestClient::await).collect(Collectors.toList());

        assertThat(answers).extracting(Response::getCode).containsOnly(ResponseCode.CHANGED);
        assertThat(proxy.requests).hasSizeGreaterThan(CLIENTS * 8_000 / 1_024);
        Map<String, String> bodies = server.bodies;
        assertThat(bodies).hasSize(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(bodies).containsEntry("manual:coap://client-" + (i + 1), body(i));
        }
    }

    @Test
    void eightConcurrentDownloadsOfOneResourceStayEightCleanBodies() {
        for (int i = 0; i < CLIENTS; i++) {
            server.bodies.put("manual:coap://client-" + (i + 1), body(i));
            client(i + 1);
        }
        List<Request> downloads = new ArrayList<>();
        for (TestClient client : clients) {
            downloads.add(throughProxy(client.request(Code.GET, "store")).send(client.endpoint()));
        }

        for (int i = 0; i < CLIENTS; i++) {
            assertThat(TestClient.await(downloads.get(i)).getPayloadString()).isEqualTo(body(i));
        }
    }

    @Test
    void oneClientUploadsTheSamePathToTwoTargetsBehindOneProxyAtOnce() {
        try (FakeDaemon anotherDaemon = new FakeDaemon(2_000);
                TestServer another = new TestServer(SamdOptions.of(anotherDaemon))) {
            proxy.routes.put("another.example", another.address());
            TestClient client = client(1);
            Request first = throughProxy(client.request(Code.PUT, "store", body(0)));
            Request second = throughProxy(client.request(Code.PUT, "store", body(1)));
            second.getOptions().setUriHost("another.example");

            first.send(client.endpoint());
            second.send(client.endpoint());

            assertThat(TestClient.await(first).getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(TestClient.await(second).getCode()).isEqualTo(ResponseCode.CHANGED);
            assertThat(server.bodies).containsEntry("manual:coap://client-1", body(0));
            assertThat(another.bodies).containsEntry("manual:coap://client-1", body(1));
        }
    }

    @Test
    void theProxySeesNoPathNoCodeAndNoBody() {
        TestClient client = client(1);

        client.send(throughProxy(client.request(Code.PUT, "store", "secret")));

        assertThat(proxy.requests).hasSize(1).allSatisfy(request -> {
            assertThat(request.getCode()).isEqualTo(Code.POST);
            assertThat(request.getOptions().getUriPath()).isEmpty();
            assertThat(request.getOptions().getUriHost()).isEqualTo("server.example");
            assertThat(request.getPayloadString()).doesNotContain("secret");
        });
        assertThat(proxy.responses).extracting(Response::getCode).containsOnly(ResponseCode.CHANGED);
    }
}
