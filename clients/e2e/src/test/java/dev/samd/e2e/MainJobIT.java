// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons, two CoAP programs and a proxy of another make, all of them processes of their own. */
class MainJobIT {
    private static final String DEVICE = "coap://device-1";
    private static final String REQUEST_KEY = "000102030405060708090a0b0c0d0e0f";
    private static final String RESPONSE_KEY = "101112131415161718191a1b1c1d1e1f";

    @TempDir
    private Path directory;

    private Processes processes;
    private Processes.Running deviceDaemon;
    private Processes.Running serverDaemon;
    private Processes.Running proxy;
    private Processes.Running server;
    private int proxyPort;
    private String serverName = "";

    @BeforeEach
    void startEverything() throws IOException, InterruptedException {
        processes = new Processes(directory);
        deviceDaemon = processes.daemon("device");
        serverDaemon = processes.daemon("server");
        proxyPort = Processes.freeUdpPort();
        proxy = processes.proxy(proxyPort);
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
                        serverName)
                .await("server ready");
    }

    @AfterEach
    void stopEverything() throws InterruptedException {
        processes.stop();
    }

    private void installSas() throws IOException, InterruptedException {
        add("device", "out", "2b010001", serverName, DEVICE, REQUEST_KEY, "a0a1a2a3");
        add("device", "in", "16450001", serverName, DEVICE, RESPONSE_KEY, "b0b1b2b3");
        add("server", "in", "2b010001", DEVICE, serverName, REQUEST_KEY, "a0a1a2a3");
        add("server", "out", "16450001", DEVICE, serverName, RESPONSE_KEY, "b0b1b2b3");
    }

    private void add(String daemon, String direction, String spi, String peer, String local, String key, String iv)
            throws IOException, InterruptedException {
        Processes.Ended added = processes.samctl(
                daemon,
                "sa",
                "add",
                "--direction",
                direction,
                "--spi",
                spi,
                "--peer",
                peer,
                "--local",
                local,
                "--suite",
                "AES_128_CCM_8",
                "--key",
                key,
                "--iv",
                iv,
                "--epoch",
                "1",
                "--fresh",
                "--pair",
                "it");
        assertThat(added.code()).as(added.err()).isZero();
    }

    private Processes.Running client(String... requests) throws IOException, InterruptedException {
        String[] arguments = new String[6 + requests.length];
        System.arraycopy(
                new String[] {
                    "--socket",
                    processes.socket("device").toString(),
                    "--name",
                    DEVICE,
                    "--proxy-port",
                    Integer.toString(proxyPort)
                },
                0,
                arguments,
                0,
                6);
        System.arraycopy(requests, 0, arguments, 6, requests.length);
        Processes.Running client = processes.program("sensor-client", SensorClient.class, arguments);
        client.process().waitFor();
        return client;
    }

    @Test
    void requestsGoThroughAndTheProxySeesNothing() throws IOException, InterruptedException {
        installSas();

        Processes.Running client = client(
                "PUT " + serverName + "/temp 22.5C",
                "GET " + serverName + "/temp",
                "POST " + serverName + "/notes the-window-is-open",
                "DELETE " + serverName + "/temp",
                "GET " + serverName + "/temp");

        assertThat(client.output())
                .contains(
                        "answered 2.04 CHANGED",
                        "answered 2.05 CONTENT \"22.5C\"",
                        "answered 2.01 CREATED \"the-window-is-open\"",
                        "answered 2.02 DELETED",
                        "answered 4.04 NOT_FOUND");
        assertThat(client.process().exitValue()).isZero();
        assertThat(server.output())
                .contains(
                        "received PUT /temp \"22.5C\" from manual:" + DEVICE,
                        "received DELETE /temp from manual:" + DEVICE);
        assertThat(proxy.lines("Proxy-Uri:" + serverName + ", 65025")).isGreaterThanOrEqualTo(5);
        assertThat(proxy.output()).doesNotContain("22.5C", "window", "temp", "notes");
        Processes.Ended listed = processes.samctl("server", "-o", "json", "sa", "list");
        assertThat(listed.text()).contains("\"2b010001\"", "\"16450001\"").doesNotContain(REQUEST_KEY, RESPONSE_KEY);
        for (Processes.Running any : new Processes.Running[] {deviceDaemon, serverDaemon, server, client}) {
            assertThat(any.output()).doesNotContain(REQUEST_KEY, RESPONSE_KEY);
        }
    }

    @Test
    void bodiesLargerThanAMessageGoThroughInBlocks() throws IOException, InterruptedException {
        installSas();
        String body = "0123456789abcdef".repeat(512);

        Processes.Running client = client("POST " + serverName + "/notes " + body);

        assertThat(server.output()).contains("(8192 octets) from manual:" + DEVICE);
        assertThat(client.output()).contains("answered 2.01 CREATED").contains("(8192 octets)");
        assertThat(proxy.output()).doesNotContain("0123456789abcdef01234");
    }

    @Test
    void withoutAnSaNothingLeaves() throws IOException, InterruptedException {
        Processes.Running client = client("PUT " + serverName + "/temp 22.5C");

        assertThat(client.output()).contains("failed ").contains(serverName);
        assertThat(client.process().exitValue()).isEqualTo(1);
        assertThat(proxy.output()).doesNotContain("Proxy-Uri");
        assertThat(server.output()).doesNotContain("received");
    }

    @Test
    void clearRequestOfAStrangerIsRefused() throws IOException, InterruptedException {
        Processes.Ended stranger =
                processes.run(new byte[0], "coap-client-notls", "-B", "5", "-m", "get", serverName + "/temp");

        assertThat(stranger.text() + stranger.err()).contains("4.01");
        assertThat(server.output()).doesNotContain("received");
    }

    @Test
    void daemonsStopCleanlyOnSigterm() throws IOException, InterruptedException {
        installSas();
        client("PUT " + serverName + "/temp 22.5C");

        assertThat(deviceDaemon.terminate()).isZero();
        assertThat(processes.socket("device")).doesNotExist();
        assertThat(processes.samctl("device", "sa", "list").code()).isEqualTo(3);
    }
}
