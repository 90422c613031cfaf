// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.californium.MessageProtection;
import dev.samd.californium.Samd;
import dev.samd.californium.SamdOptions;
import dev.samd.client.SamdClient;
import dev.samd.sa.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs that reach their soft limits again and again while requests go on: through a proxy, with everything a process. */
class RekeyUnderLoadIT {
    private static final int CALLERS = 6;
    private static final int REQUESTS_OF_EACH = 80;
    private static final long PATIENCE_MILLIS = 60_000;

    @TempDir
    private Path directory;

    private TokenScene scene;
    private Processes.Running deviceKmpd;
    private Processes.Running serverKmpd;
    private Processes.Running server;

    @BeforeEach
    void startEverything() throws IOException, InterruptedException {
        scene = new TokenScene(directory);
        scene.processes.proxy(scene.proxyPort);
        scene.issueToken("cwt");
        scene.serverDaemon();
        serverKmpd = scene.kmpd("server");
        server = scene.serverProgram(serverKmpd);
    }

    @AfterEach
    void stopEverything() throws InterruptedException {
        scene.processes.stop();
    }

    /** Sends from many threads at once; gives what was not answered as it should be. */
    private List<String> load() throws IOException, InterruptedException, ExecutionException {
        CoapConfig.register();
        UdpConfig.register();
        Configuration configuration = Configuration.createStandardWithoutFile();
        List<String> faults = new CopyOnWriteArrayList<>();
        AtomicInteger next = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (SamdClient samd = SamdClient.connect(scene.processes.socket("device"))) {
            CoapEndpoint endpoint = Samd.protect(
                            CoapEndpoint.builder()
                                    .setConfiguration(configuration)
                                    .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                            SamdOptions.of(MessageProtection.of(samd.records()))
                                    .withLocal(Endpoint.parse(TokenScene.DEVICE)))
                    .build();
            endpoint.start();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                running.add(callers.submit(() -> {
                    for (int j = 0; j < REQUESTS_OF_EACH; j++) {
                        post(endpoint, "note " + next.getAndIncrement(), faults);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            endpoint.destroy();
        } finally {
            callers.shutdownNow();
        }
        return faults;
    }

    private void post(CoapEndpoint endpoint, String note, List<String> faults) throws InterruptedException {
        Request request = new Request(Code.POST);
        request.setDestinationContext(
                new AddressEndpointContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), scene.proxyPort)));
        request.getOptions().setProxyUri(scene.server + "/notes");
        request.setPayload(note);
        request.send(endpoint);
        Response response = request.waitForResponse(PATIENCE_MILLIS);
        if (response == null || !response.getPayloadString().equals(note)) {
            faults.add(note + ": " + (response == null ? request.getSendError() : response));
        }
    }

    @Test
    void noRequestIsLostOrRefusedWhilePairsFollowEachOther()
            throws IOException, InterruptedException, ExecutionException {
        scene.deviceDaemon("    lifetime: {soft: {records: 60}, hard: {records: 600}}\n");
        deviceKmpd = scene.kmpd("device");
        Processes.Running monitor = scene.monitor("device");

        List<String> faults = load();

        assertThat(faults).isEmpty();
        for (int i = 0; i < CALLERS * REQUESTS_OF_EACH; i++) {
            // Each arrived once: a request is neither lost nor let in twice.
            assertThat(server.lines("\"note " + i + "\"")).as("note " + i).isEqualTo(1);
        }
        assertThat(monitor.lines("EXPIRE soft(RECORDS)")).isGreaterThanOrEqualTo(3);
        assertThat(monitor.output()
                        .lines()
                        .filter(line -> line.contains("CONFIRMED id=") && line.contains("supersedes=")))
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(monitor.output()).doesNotContain("EXPIRE hard");
        // All but the first pair were made in band.
        assertThat(scene.processes.samctl("device", "sa", "list").text()).doesNotContain("REPLAY", "FORGERY");
    }

    @Test
    void aRekeyThatFailsLeavesTheOldPairAndSaysSo() throws IOException, InterruptedException, ExecutionException {
        scene.deviceDaemon("    lifetime: {soft: {records: 60}}\n");
        deviceKmpd = scene.kmpd("device");
        Processes.Running monitor = scene.monitor("device");
        assertThat(scene.client("GET " + scene.server + "/notes").output()).contains("answered ");
        serverKmpd.process().destroyForcibly().waitFor();

        List<String> faults = load();

        assertThat(faults).isEmpty();
        monitor.await("EXPIRE soft(RECORDS)").await("ACQUIRE_FAILED");
        assertThat(monitor.output()).containsPattern("ACQUIRE_FAILED .*replaces=[0-9]+ .*reason=");
        assertThat(monitor.lines("CONFIRMED id=")).isEqualTo(1);
        assertThat(deviceKmpd.process().isAlive()).isTrue();
    }
}
