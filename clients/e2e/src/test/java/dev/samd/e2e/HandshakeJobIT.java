// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SAs by handshakes, through a proxy of another make, with everything a process: another word in the policies is all. */
class HandshakeJobIT {
    private static final String SECRET = "606162636465666768696a6b6c6d6e6f";

    @TempDir
    private Path directory;

    private TokenScene scene;
    private Processes.Running proxy;
    private Processes.Running server;

    @BeforeEach
    void openScene() throws IOException, InterruptedException {
        scene = new TokenScene(directory);
        proxy = scene.processes.proxy(scene.proxyPort);
        for (String host : new String[] {"device", "server"}) {
            Files.createDirectories(directory.resolve(host));
        }
        scene.secret("shared.key", SECRET);
    }

    @AfterEach
    void stopEverything() throws InterruptedException {
        scene.processes.stop();
    }

    private static Path pki() {
        return Processes.home().resolve("kmp-plugins/kmp-codtls/src/test/resources/pki");
    }

    private String sections(String kind, String host) {
        boolean device = host.equals("device");
        return switch (kind) {
            case "less" ->
                device
                        ? """
                      less:
                        client:
                          - {target: "%s", device_id: device-1, key: "@../shared.key", server: server-1}
                      """
                                .formatted(scene.server)
                        : """
                      less:
                        server:
                          devices: [{device_id: device-1, key: "@../shared.key"}]
                      """;
            case "psk" ->
                device
                        ? """
                      codtls:
                        keys: key-block
                        client:
                          peers:
                            - {target: "%s", server: server-1, psk_identity: device-1, psk: "@../shared.key"}
                      """
                                .formatted(scene.server)
                        : """
                      codtls:
                        keys: key-block
                        server:
                          psk: [{identity: device-1, key: "@../shared.key"}]
                      """;
            case "certificates" ->
                device
                        ? """
                      block_size: 64
                      codtls:
                        client:
                          peers:
                            - target: "%s"
                              server: server.example
                              private_key: "@%3$s/device.key"
                              certificate: "@%3$s/device.pem"
                              trusted: "@%3$s/ca.pem"
                              revoked: "@%3$s/ca.crl"
                      """
                                .formatted(scene.server, "", pki())
                        : """
                      codtls:
                        server:
                          private_key: "@%1$s/server.key"
                          certificate: "@%1$s/server.pem"
                          trusted: "@%1$s/ca.pem"
                      """
                                .formatted(pki());
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private void start(String kmp, String kind, String limits) throws IOException, InterruptedException {
        scene.processes.daemon(
                "device",
                """
                policies:
                  - name: sensors
                    direction: outbound
                    peer: %s
                    action: protect
                    kmp: [%s]
                    identities: [{kmp: %s, value: "server*"}]
                %s"""
                        .formatted(scene.server, kmp, kmp, limits));
        scene.processes.daemon(
                "server",
                """
                policies:
                  - name: sensors
                    direction: inbound
                    action: protect
                    kmp: [%s]
                    identities: [{value: "device-*"}]
                """
                        .formatted(kmp));
        for (String host : new String[] {"device", "server"}) {
            Files.writeString(
                    directory.resolve(host).resolve("kmpd.yaml"),
                    "socket: " + scene.processes.socket(host) + "\n" + sections(kind, host));
        }
        scene.kmpd("device", kmp);
        server = scene.serverProgram(scene.kmpd("server", kmp));
    }

    @ParameterizedTest
    @CsvSource({
        "less, less, server-1, device-1",
        "codtls, psk, server-1, device-1",
        "codtls, certificates, server.example@\\\"CN=test ca\\\", device-1@\\\"CN=test ca\\\""
    })
    void firstRequestLeavesUnderSasOfTheWordInThePolicy(String kmp, String kind, String ofServer, String ofDevice)
            throws IOException, InterruptedException {
        start(kmp, kind, "");

        String answered = scene.client("PUT " + scene.server + "/temp 22.5C", "GET " + scene.server + "/temp")
                .output();

        assertThat(answered).contains("answered 2.04 CHANGED", "answered 2.05 CONTENT \"22.5C\"");
        assertThat(server.output()).contains("received PUT /temp \"22.5C\" from " + kmp + ":");
        assertThat(scene.processes.samctl("device", "sa", "list").text())
                .contains(" " + kmp + " ")
                .contains(ofServer.replace("\\", ""));
        assertThat(scene.processes.samctl("server", "sa", "list").text())
                .contains(" " + kmp + " ")
                .contains(ofDevice.replace("\\", ""));
        assertThat(proxy.output()).doesNotContain("22.5C", "temp", SECRET);
    }

    /** For CoDTLS that is an abbreviated one. The pair is confirmed by the first request that goes through it. */
    @ParameterizedTest
    @CsvSource({"codtls, psk", "less, less"})
    void pairThatComesToItsSoftLimitIsReplacedByAnotherHandshake(String kmp, String kind)
            throws IOException, InterruptedException {
        start(kmp, kind, "    lifetime: {soft: {records: 3}}\n");
        Processes.Running monitor = scene.monitor("device");
        String put = "PUT " + scene.server + "/temp 22.5C";

        assertThat(scene.client(put, put, put, put).output()).contains("answered 2.04 CHANGED");
        monitor.awaitLines("ACQUIRE_DONE DONE", 2);

        assertThat(scene.client(put).output()).contains("answered 2.04 CHANGED");
        monitor.await("CONFIRMED id=");
        assertThat(scene.processes.samctl("device", "-o", "json", "sa", "list").text())
                .contains("\"supersedes\":");
    }

    /** The third request brings the soft limit, and no fourth one comes that could confirm the successor to the server. */
    @ParameterizedTest
    @CsvSource({"less, less, 2", "codtls, psk, 1"})
    void deviceThatFallsSilentConfirmsItsSuccessorItself(String kmp, String kind, int confirmations)
            throws IOException, InterruptedException {
        start(kmp, kind, "    lifetime: {soft: {records: 3}}\n");
        Processes.Running monitor = scene.monitor("server");
        String put = "PUT " + scene.server + "/temp 22.5C";

        assertThat(scene.client(put, put, put).output()).contains("answered 2.04 CHANGED");

        // A full handshake of CoDTLS proves the keys itself.
        monitor.awaitLines(" CONFIRMED id=", confirmations);
    }
}
