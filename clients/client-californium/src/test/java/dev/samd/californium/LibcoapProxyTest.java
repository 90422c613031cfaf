// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.samd.californium.EngineHost.PairPlan;
import dev.samd.sa.Endpoint;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Through a forward proxy of another make, where it is installed. It opens a port for each of its clients, so it is {@link
 * SharedProxyTest}, whose proxy has one, that fails when block-wise state is kept by address.
 */
class LibcoapProxyTest {
    private static final Path PROXY = Path.of("/usr/bin/coap-server-notls");
    private static final int CLIENTS = 8;

    private final EngineHost serverHost = new EngineHost();
    private final List<EngineHost> hosts = new ArrayList<>();
    private final List<TestClient> clients = new ArrayList<>();
    private final TestServer server = new TestServer(SamdOptions.of(serverHost));

    @TempDir
    Path directory;

    private Process proxy;
    private InetSocketAddress proxyAddress;
    private Path seen;

    @BeforeEach
    void startProxy() throws Exception {
        assumeTrue(Files.isExecutable(PROXY), PROXY + " is not installed");
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            proxyAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
        seen = directory.resolve("proxy.log");
        proxy = new ProcessBuilder(
                        PROXY.toString(),
                        "-A",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(proxyAddress.getPort()),
                        "-P",
                        ",proxy.example",
                        "-v",
                        "7")
                .redirectErrorStream(true)
                .redirectOutput(seen.toFile())
                .start();
        await().until(() -> Files.size(seen) > 0);
    }

    @AfterEach
    void stop() throws InterruptedException {
        clients.forEach(TestClient::close);
        if (proxy != null) {
            proxy.destroy();
            proxy.waitFor(5, TimeUnit.SECONDS);
        }
        server.close();
        hosts.forEach(EngineHost::close);
        serverHost.close();
    }

    private TestClient client(int number) {
        EngineHost host = new EngineHost();
        hosts.add(host);
        EngineHost.pair(
                host,
                serverHost,
                PairPlan.of(
                        number,
                        Endpoint.of("coap", "localhost", server.address().getPort())));
        TestClient client = new TestClient(SamdOptions.of(host), proxyAddress);
        clients.add(client);
        return client;
    }

    private Request throughProxy(Request request) {
        request.getOptions()
                .setProxyScheme("coap")
                .setUriHost("localhost")
                .setUriPort(server.address().getPort());
        return request;
    }

    private static String body(int client) {
        return String.valueOf((char) ('A' + client)).repeat(8_000);
    }

    @Test
    void everyMethodGoesThroughAndTheProxySeesNeitherPathNorBody() throws Exception {
        TestClient client = client(1);

        assertThat(client.send(throughProxy(client.request(Code.PUT, "store", "secret words")))
                        .getCode())
                .isEqualTo(ResponseCode.CHANGED);
        assertThat(client.send(throughProxy(client.request(Code.GET, "store"))).getPayloadString())
                .isEqualTo("secret words");
        assertThat(client.send(throughProxy(client.request(Code.POST, "store", "echo")))
                        .getPayloadString())
                .isEqualTo("echo");
        assertThat(client.send(throughProxy(client.request(Code.DELETE, "store")))
                        .getCode())
                .isEqualTo(ResponseCode.DELETED);

        String log = Files.readString(seen, StandardCharsets.ISO_8859_1);
        assertThat(log).contains("localhost").doesNotContain("secret words", "Uri-Path:store", "echo");
    }

    @Test
    void largeBodiesGoThroughInBothDirections() {
        TestClient client = client(1);

        assertThat(client.send(throughProxy(client.request(Code.PUT, "store", body(0))))
                        .getPayloadString())
                .isEqualTo("stored 8000");
        assertThat(client.send(throughProxy(client.request(Code.GET, "store"))).getPayloadString())
                .isEqualTo(body(0));
    }

    @Test
    void aBodyOfOneBlockOfTheLargestSizeFitsThroughInOneMessage() {
        TestClient client = client(1);
        String body = "x".repeat(1_024);

        assertThat(client.send(throughProxy(client.request(Code.POST, "store", body)))
                        .getPayloadString())
                .isEqualTo(body);
        assertThat(server.handled).hasValue(1);
    }

    @Test
    void eightConcurrentUploadsStayEightCleanBodies() {
        List<Request> uploads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            client(i + 1);
        }
        for (int i = 0; i < CLIENTS; i++) {
            uploads.add(throughProxy(clients.get(i).request(Code.PUT, "store", body(i)))
                    .send(clients.get(i).endpoint()));
        }

        for (Request upload : uploads) {
            assertThat(TestClient.await(upload).getCode()).isEqualTo(ResponseCode.CHANGED);
        }
        assertThat(server.bodies).hasSize(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(server.bodies).containsEntry("manual:coap://client-" + (i + 1), body(i));
        }
    }
}
