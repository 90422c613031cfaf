// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OptionDefinition;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.coap.option.StringOptionDefinition;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers reach of a server that offers the resources of a kmpd: daemon, server and stranger as processes. */
class RelayIT {
    private static final OptionDefinition RELAY_PRINCIPAL = new StringOptionDefinition(65040, "Relay-Principal");

    @TempDir
    private Path directory;

    private final List<String> principals = new CopyOnWriteArrayList<>();
    private Processes processes;
    private Processes.Running server;
    private CoapServer kmpd;
    private String serverName = "";

    @BeforeEach
    void startEverything() throws IOException, InterruptedException {
        CoapConfig.register();
        UdpConfig.register();
        Configuration configuration = Configuration.createStandardWithoutFile();
        CoapEndpoint endpoint = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setOptionRegistry(
                        new MapBasedOptionRegistry(StandardOptionRegistry.getDefaultOptionRegistry(), RELAY_PRINCIPAL))
                .build();
        kmpd = new CoapServer(configuration);
        kmpd.addEndpoint(endpoint);
        kmpd.add(new CoapResource("authz-info") {
            @Override
            public void handlePOST(CoapExchange exchange) {
                principals.add(exchange.getRequestOptions()
                        .getOtherOption(RELAY_PRINCIPAL)
                        .getStringValue());
                exchange.respond(ResponseCode.CREATED, "kmpd took " + exchange.getRequestText());
            }
        });
        kmpd.start();
        processes = new Processes(directory);
        processes.daemon("server");
        int serverPort = Processes.freeUdpPort();
        serverName = "coap://localhost:" + serverPort;
        server = processes
                .program(
                        "sensor-server",
                        SensorServer.class,
                        "--socket",
                        processes.socket("server").toString(),
                        "--port",
                        Integer.toString(serverPort),
                        "--name",
                        serverName,
                        "--kmpd",
                        Integer.toString(endpoint.getAddress().getPort()))
                .await("server ready");
    }

    @AfterEach
    void stopEverything() throws InterruptedException {
        processes.stop();
        kmpd.destroy();
    }

    private String stranger(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("coap-client-notls", "-B", "10"));
        command.addAll(List.of(arguments));
        Processes.Ended ended = processes.run(new byte[0], command.toArray(new String[0]));
        return ended.text() + ended.err();
    }

    @Test
    void aStrangerReachesAuthzInfoAndNothingElse() throws IOException, InterruptedException {
        String posted = stranger("-m", "post", "-e", "token", serverName + "/authz-info");
        String read = stranger("-m", "get", serverName + "/authz-info");
        String rekeyed = stranger("-m", "post", "-e", "nonce", serverName + "/.well-known/samd/rekey");
        String asked = stranger("-m", "get", serverName + "/temp");

        assertThat(posted).contains("kmpd took token");
        assertThat(principals).hasSize(1).allMatch(principal -> principal.matches("uid:[0-9]+"));
        assertThat(read).contains("4.01");
        assertThat(rekeyed).contains("4.01");
        assertThat(asked).contains("4.01");
        assertThat(server.output()).doesNotContain("received");
    }
}
