// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first request to a server that no keys are shared with, where the device's kmpd reaches its daemon over TCP with TLS. */
class TlsJobIT {
    private static final String KMPD = "spiffe://samd.test/app";
    private static final Pattern TLS_PORT = Pattern.compile("tls_port=(\\d+) ");
    private static final Path FILES = Processes.home().resolve("clients/client-java/src/test/resources/tls");

    @TempDir
    private Path directory;

    private TokenScene scene;

    @BeforeEach
    void openScene() throws IOException, InterruptedException {
        scene = new TokenScene(directory);
        scene.processes.proxy(scene.proxyPort);
        scene.issueToken("cwt");
    }

    @AfterEach
    void stopEverything() throws InterruptedException {
        scene.processes.stop();
    }

    @Test
    void aKmpdWithACertificateRegistersIsAskedAndInstallsUnderTheNameOfItsCertificate() throws Exception {
        Processes.Running daemon = daemon(0, KMPD);
        int port = tlsPort(daemon);
        reachOverTls(port);
        Processes.Running kmpd = scene.kmpd("device");
        scene.serverDaemon();
        Processes.Running server = scene.serverProgram(scene.kmpd("server"));
        Processes.Running monitor = scene.monitor("device");

        Processes.Running client = scene.client("PUT " + scene.server + "/temp 22.5C");

        assertThat(client.output()).contains("answered 2.04 CHANGED");
        assertThat(server.output()).contains("received PUT /temp \"22.5C\"");
        monitor.await("CONFIRMED");
        assertThat(monitor.output()).containsSubsequence(" ACQUIRE OFFERED ", " GETSPI ", " ACQUIRE_DONE DONE ");
        String audit = Files.readString(directory.resolve("device/state/audit.log"));
        assertThat(audit.lines().filter(line -> line.contains("\"event\":\"register\"")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\"principal\":\"" + KMPD + "\"", "\"kmp\":\"ace\""));
        assertThat(audit.lines().filter(line -> line.contains("\"event\":\"install\"")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("\"principal\":\"" + KMPD + "\""));

        // A daemon that was away: kmpd comes back by itself, and what it installed serves on.
        daemon.terminate();
        daemon(port, KMPD);
        kmpd.awaitLines("registered kmp=ace pairs=", 2);
        assertThat(scene.client("GET " + scene.server + "/temp").output()).contains("answered 2.05 CONTENT \"22.5C\"");
    }

    @Test
    void aKmpdWhoseCertificateNoRuleIsForDoesNotRegister() throws Exception {
        reachOverTls(tlsPort(daemon(0, "spiffe://samd.test/kmpd")));

        scene.processes
                .start(
                        "device-kmpd",
                        List.of(
                                Processes.bin("kmpd"),
                                "--config",
                                directory.resolve("device/kmpd.yaml").toString()))
                .await("not registered kmp=ace")
                .await(KMPD + " needs the role kmp");
    }

    private Processes.Running daemon(int port, String kmpd) throws IOException, InterruptedException {
        return scene.deviceDaemon(
                """
                listen: {tcp: "127.0.0.1:%d", certificate: %s, key: %s, client_ca: %s}
                access:
                  rules:
                    - {name: kmpd, san: "%s", roles: kmp, kmps: ace}
                    - {name: programs, uid: %s, roles: [app, operator], endpoints: "*"}
                """
                        .formatted(
                                port,
                                FILES.resolve("server.pem"),
                                FILES.resolve("server.key"),
                                FILES.resolve("ca.pem"),
                                kmpd,
                                Files.getAttribute(Path.of("/proc/self"), "unix:uid")));
    }

    private static int tlsPort(Processes.Running daemon) {
        Matcher port = TLS_PORT.matcher(daemon.output());
        assertThat(port.find()).as(daemon.output()).isTrue();
        return Integer.parseInt(port.group(1));
    }

    /** In the device's kmpd.yaml, in place of the socket. */
    private void reachOverTls(int port) throws IOException {
        Path file = directory.resolve("device/kmpd.yaml");
        String text = Files.readString(file);
        String socket = "socket: " + scene.processes.socket("device") + "\n";
        assertThat(text).contains(socket);
        Files.writeString(
                file,
                text.replace(
                        socket,
                        "tls: {daemon: \"localhost:%d\", certificate: %s, key: %s, ca: %s}\n"
                                .formatted(
                                        port,
                                        FILES.resolve("client.pem"),
                                        FILES.resolve("client.key"),
                                        FILES.resolve("ca.pem"))));
    }
}
