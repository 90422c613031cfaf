// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.client.ProtectOutcome;
import dev.samd.client.ProtectRequest;
import dev.samd.client.ProtectedMessage;
import dev.samd.client.SamdClient;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first request to a server that no keys are shared with: two daemons, two kmpds, two CoAP programs, and a proxy. */
class TokenJobIT {
    @TempDir
    private Path directory;

    private TokenScene scene;
    private Processes.Running proxy;
    private Processes.Running server;
    private Processes.Running deviceDaemon;
    private Processes.Running serverDaemon;
    private Processes.Running deviceKmpd;
    private Processes.Running serverKmpd;

    @BeforeEach
    void openScene() throws IOException, InterruptedException {
        scene = new TokenScene(directory);
        proxy = scene.processes.proxy(scene.proxyPort);
    }

    private void startEverything(String format) throws IOException, InterruptedException {
        scene.issueToken(format);
        startPrograms();
    }

    private void startPrograms() throws IOException, InterruptedException {
        deviceDaemon = scene.deviceDaemon("");
        serverDaemon = scene.serverDaemon();
        deviceKmpd = scene.kmpd("device");
        serverKmpd = scene.kmpd("server");
        server = scene.serverProgram(serverKmpd);
    }

    @AfterEach
    void stopEverything() throws InterruptedException {
        scene.processes.stop();
    }

    private String count(String host) throws IOException, InterruptedException {
        return scene.processes.samctl(host, "-o", "json", "sa", "count").text();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cwt", "jwt"})
    void firstRequestLeavesProtectedWithoutAnyHandshake(String format) throws IOException, InterruptedException {
        startEverything(format);
        Processes.Running monitor = scene.monitor("device");

        Processes.Running client = scene.client("PUT " + scene.server + "/temp 22.5C", "GET " + scene.server + "/temp");

        assertThat(client.output()).contains("answered 2.04 CHANGED", "answered 2.05 CONTENT \"22.5C\"");
        assertThat(server.output())
                .contains("received PUT /temp \"22.5C\" from ace:as.example:device-1 with scope \"read write\"");
        monitor.await("CONFIRMED");
        assertThat(monitor.output())
                .containsSubsequence(
                        " ACQUIRE OFFERED seq=",
                        " GETSPI ",
                        "INBOUND LARVAL",
                        " UPDATE ",
                        "INBOUND MATURE",
                        " ADD ",
                        "OUTBOUND MATURE",
                        " ACQUIRE_DONE DONE seq=",
                        " CONFIRMED ");
        assertThat(proxy.output()).contains("/authz-info").doesNotContain("22.5C", "temp");
        // One exchange for the token, one for each request: no handshake.
        assertThat(requestsThroughTheProxy()).isEqualTo(3);
        for (Processes.Running any :
                List.of(deviceDaemon, serverDaemon, deviceKmpd, serverKmpd, server, client, monitor, proxy)) {
            assertThat(any.output()).doesNotContain(scene.tokenKey(), TokenScene.ISSUER_KEY);
        }
    }

    @Test
    void aDeviceWithoutATokenAsksItsServerOfTokens() throws IOException, InterruptedException {
        Processes.Running as = scene.tokenServer("cwt");
        startPrograms();

        assertThat(scene.client("GET " + scene.server + "/temp").output()).contains("answered 4.04");
        assertThat(server.output()).contains("received GET /temp from ace:as.example:device-1 with scope \"read\"");
        // It may read and no more: the resource says so, not the record layer.
        assertThat(scene.client("PUT " + scene.server + "/temp 22.5C").output()).contains("answered 4.03");

        assertThat(deviceKmpd.output() + as.output()).doesNotContain(TokenScene.AS_PSK, TokenScene.ISSUER_KEY);
    }

    @Test
    void aServerThatWantsFreshRequestsChallengesTheFirstAndNoProxySeesIt() throws IOException, InterruptedException {
        scene.issueToken("cwt");
        scene.deviceDaemon("");
        scene.serverDaemon("    fresh: 10m\n");
        scene.kmpd("device");
        server = scene.serverProgram(scene.kmpd("server"));

        Processes.Running client = scene.client("PUT " + scene.server + "/temp 22.5C", "GET " + scene.server + "/temp");

        assertThat(client.output()).contains("answered 2.04 CHANGED", "answered 2.05 CONTENT \"22.5C\"");
        // The resource never sees the request that was challenged, and the program never the challenge.
        assertThat(server.lines("received PUT")).isEqualTo(1);
        assertThat(requestsThroughTheProxy())
                .as("the token, the challenged request and its repetition, and one that brings the Echo with it")
                .isEqualTo(4);
        assertThat(proxy.output()).doesNotContain("Echo", "c:4.01");
    }

    /** Without those of transmission, which are equal. */
    private long requestsThroughTheProxy() {
        return proxy.output()
                .lines()
                .filter(line -> line.contains("t:CON c:POST") && line.contains("Proxy-Uri"))
                .distinct()
                .count();
    }

    @Test
    void aThousandCallsForOneNewPeerRaiseOneAcquireAndAllFinish() throws IOException, InterruptedException {
        startEverything("cwt");
        Processes.Running monitor = scene.monitor("device");
        Set<Octets> records = new HashSet<>();

        try (SamdClient samd = SamdClient.connect(scene.processes.socket("device"))) {
            List<CompletableFuture<ProtectOutcome>> calls = IntStream.range(0, 1000)
                    .mapToObj(number -> samd.records()
                            .protect(ProtectRequest.of(get(number))
                                    .withLocal(Endpoint.parse(TokenScene.DEVICE))
                                    .withDefaultTarget(Endpoint.parse(scene.server))
                                    .withVia("coap://127.0.0.1:" + scene.proxyPort)
                                    .withPatience(Duration.ofSeconds(50))))
                    .toList();
            for (CompletableFuture<ProtectOutcome> call : calls) {
                assertThat(call.join())
                        .isInstanceOfSatisfying(ProtectedMessage.class, done -> records.add(done.coap()));
            }
        }

        assertThat(records).hasSize(1000);
        monitor.await("ACQUIRE_DONE");
        assertThat(monitor.lines(" ACQUIRE OFFERED ")).isEqualTo(1);
        assertThat(proxy.lines("Proxy-Uri:" + scene.server + "/authz-info")).isEqualTo(1);
    }

    /** What it protected never left, so the server has seen no record that confirms the pair; without one it would end after 60 s. */
    @Test
    void aDeviceThatFallsSilentConfirmsItsPairItself() throws IOException, InterruptedException {
        startEverything("cwt");
        Processes.Running monitor = scene.monitor("server");

        scene.askAndFallSilent();

        monitor.await(" CONFIRMED id=");
        assertThat(requestsThroughTheProxy()).as("the token and the probe").isEqualTo(2);
    }

    /** {@code GET} without options, with a Message ID and a token of its own. */
    private static Octets get(int number) {
        return Octets.of(ByteBuffer.allocate(6)
                .put((byte) 0x42)
                .put((byte) 1)
                .putShort((short) number)
                .putShort((short) number)
                .array());
    }

    @Test
    void aKmpdThatIsKilledInItsWorkIsNoticedAtOnceAndTheNextOneServes() throws IOException, InterruptedException {
        startEverything("cwt");
        Processes.Running monitor = scene.monitor("device");
        // Nobody listens there, so the token's post is never answered, and the run goes on for minutes.
        Processes.Running waiting =
                scene.startClient("waiting-client", Processes.freeUdpPort(), "GET " + scene.server + "/temp");
        monitor.await(" GETSPI ");

        deviceKmpd.process().destroyForcibly().waitFor();

        waiting.await("failed ").process().waitFor();
        assertThat(waiting.output()).contains("KMP_FAILED");
        monitor.await(" UNREGISTER ");
        assertThat(count("device")).contains("\"count\":0");
        scene.kmpd("device");
        assertThat(scene.client("GET " + scene.server + "/temp").output()).contains("answered 4.04");
    }

    @Test
    void daemonsThatAreKilledGoOnWithTheSasTheyHad() throws IOException, InterruptedException {
        startEverything("cwt");
        assertThat(scene.client("PUT " + scene.server + "/temp 22.5C").output()).contains("answered 2.04");
        List<String> before = saIds("device");
        assertThat(before).hasSize(2);

        deviceDaemon.process().destroyForcibly().waitFor();
        scene.deviceDaemon("");
        deviceKmpd.awaitLines("registered kmp=ace", 2);
        assertThat(scene.client("GET " + scene.server + "/temp").output()).contains("answered 2.05 CONTENT \"22.5C\"");

        serverDaemon.process().destroyForcibly().waitFor();
        deviceDaemon = scene.serverDaemon();
        serverKmpd.awaitLines("registered kmp=ace", 2);
        assertThat(scene.client("GET " + scene.server + "/temp").output()).contains("answered 2.05 CONTENT \"22.5C\"");

        // Nothing was negotiated anew.
        assertThat(saIds("device")).isEqualTo(before);
    }

    /** As after a backup was restored, but with nothing in it: the peer of a pair that is good, used and nowhere near its limits. */
    @Test
    void aServerThatLostItsSasIsGivenNewOnes() throws IOException, InterruptedException {
        startEverything("cwt");
        assertThat(scene.client("PUT " + scene.server + "/temp 22.5C").output()).contains("answered 2.04");
        List<String> before = saIds("device");
        serverDaemon.terminate();
        scene.forget("server");
        scene.serverDaemon();
        serverKmpd.awaitLines("registered kmp=ace", 2);
        Processes.Running monitor = scene.monitor("device");

        assertThat(scene.client("GET " + scene.server + "/temp").output()).contains("answered 4.01");

        // Nobody sends anything: the device confirms the successor by itself.
        monitor.await(" CONFIRMED id=");
        assertThat(monitor.lines(" ACQUIRE OFFERED ")).isEqualTo(1);
        assertThat(saIds("device")).as("both pairs stand").hasSize(4).containsAll(before);
        assertThat(scene.client("GET " + scene.server + "/temp").output()).contains("answered 2.05 CONTENT \"22.5C\"");
    }

    private List<String> saIds(String host) throws IOException, InterruptedException {
        return Pattern.compile("\"sa_id\":([0-9]+)")
                .matcher(scene.processes
                        .samctl(host, "-o", "jsonl", "sa", "list")
                        .text())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void aClientThatIsKilledWhileItWaitsLeavesNothing() throws IOException, InterruptedException {
        startEverything("cwt");
        Processes.Running monitor = scene.monitor("device");
        Processes.Running waiting =
                scene.startClient("waiting-client", Processes.freeUdpPort(), "GET " + scene.server + "/temp");
        monitor.await(" GETSPI ");

        waiting.process().destroyForcibly().waitFor();

        // What it waited for is not its own: others may have joined. It ends with its KMP, or by itself.
        deviceKmpd.terminate();
        monitor.await("ACQUIRE_FAILED");
        assertThat(monitor.output()).containsPattern("ACQUIRE_FAILED .*waiting=0");
        assertThat(count("device")).contains("\"count\":0");
    }

    @Test
    void whatNoTokenStandsForIsNeverSent() throws IOException, InterruptedException {
        startEverything("cwt");

        Processes.Running client = scene.client("GET coap://localhost:1/temp");

        assertThat(client.output()).contains("failed ");
        assertThat(proxy.output()).doesNotContain("Proxy-Uri");
        Processes.Ended stranger =
                scene.processes.run(new byte[0], "coap-client-notls", "-B", "5", "-m", "get", scene.server + "/temp");
        assertThat(stranger.text() + stranger.err()).contains("4.01");
        Processes.Ended junk = scene.processes.run(
                new byte[0],
                "coap-client-notls",
                "-B",
                "5",
                "-m",
                "post",
                "-t",
                "19",
                "-e",
                "junk",
                scene.server + "/authz-info");
        assertThat(junk.text() + junk.err()).contains("4.00");
        assertThat(count("server")).contains("\"count\":0");
    }
}
