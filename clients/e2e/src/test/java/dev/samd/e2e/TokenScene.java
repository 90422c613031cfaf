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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device and a server that share no keys, each with its samd and its kmpd, and a proxy of another make between them. The
 * device has a token of an authorization server for this server.
 */
final class TokenScene {
    static final String DEVICE = "coap://device-1";
    static final String ISSUER_KEY = "404142434445464748494a4b4c4d4e4f";

    static final String AS_PSK = "505152535455565758595a5b5c5d5e5f";

    private static final Pattern SERVES = Pattern.compile("ace-as ready uri=coaps://\\S+:(\\d+)");
    private static final Pattern LISTENS = Pattern.compile("listen=\\S+:(\\d+) ");

    final Processes processes;
    final int proxyPort = Processes.freeUdpPort();
    final int serverPort = Processes.freeUdpPort();
    final String server = "coap://localhost:" + serverPort;
    private final Path directory;

    TokenScene(Path directory) {
        this.directory = directory;
        this.processes = new Processes(directory);
    }

    /** What the device wants protected, and by whom; more of the policy in lines that are indented by four. */
    String devicePolicy(String more) {
        return """
            policies:
              - name: sensors
                direction: outbound
                peer: %s
                action: protect
                kmp: [ace, manual]
                identities: [{kmp: ace, issuer: as.example, value: rs1}]
            """
                        .formatted(server)
                + more;
    }

    /** What the server lets in; more of the policy in lines that are indented by four. */
    static String serverPolicy(String more) {
        return """
            policies:
              - name: sensors
                direction: inbound
                action: protect
                kmp: [ace]
                identities: [{issuer: as.example, value: "device-*"}]
            """
                + more;
    }

    Processes.Running deviceDaemon(String more) throws IOException, InterruptedException {
        return processes.daemon("device", devicePolicy(more));
    }

    Processes.Running serverDaemon() throws IOException, InterruptedException {
        return serverDaemon("");
    }

    Processes.Running serverDaemon(String more) throws IOException, InterruptedException {
        return processes.daemon("server", serverPolicy(more));
    }

    /** A token of this format ("cwt", "jwt") for the device, and the key of its issuer for the server. */
    void issueToken(String format) throws IOException, InterruptedException {
        for (String host : new String[] {"device", "server"}) {
            Files.createDirectories(directory.resolve(host));
        }
        secret("k1.key", ISSUER_KEY);
        Files.writeString(
                directory.resolve("as.yaml"),
                """
                issuer: as.example
                clients:
                  - name: device-1
                    audiences: [rs1]
                    scopes: [read, write]
                resource_servers:
                  - audience: rs1
                    format: %s
                    keys:
                      - {kid: k1, alg: %s, key: "@k1.key"}
                """
                        .formatted(format, algorithm(format)));
        Processes.Ended issued = processes.run(
                new byte[0],
                Processes.bin("ace-as"),
                "issue",
                "--config",
                directory.resolve("as.yaml").toString(),
                "--client",
                "device-1",
                "--audience",
                "rs1",
                "--scope",
                "read write",
                "--target",
                server,
                "--out",
                directory.resolve("device").toString());
        assertThat(issued.code()).as(issued.err()).isZero();
        Files.writeString(
                directory.resolve("device/kmpd.yaml"),
                "socket: " + processes.socket("device") + "\nace:\n  client:\n    tokens:\n"
                        + issued.text().indent(6));
        Files.writeString(
                directory.resolve("server/kmpd.yaml"),
                """
                socket: %s
                ace:
                  server:
                    audience: rs1
                    issuers:
                      - issuer: as.example
                        keys:
                          - {kid: k1, alg: %s, key: "@../k1.key"}
                """
                        .formatted(processes.socket("server"), algorithm(format)));
    }

    /** In place of a token, a server that the device's kmpd asks for one. */
    Processes.Running tokenServer(String format) throws IOException, InterruptedException {
        issueToken(format);
        secret("as.psk", AS_PSK);
        Path config = directory.resolve("as.yaml");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("  - name: device-1\n", "  - name: device-1\n    psk: \"@as.psk\"\n")
                        .replace("issuer: as.example\n", "issuer: as.example\nlisten: 127.0.0.1:0\n"));
        Processes.Running as = processes
                .start("as", List.of(Processes.bin("ace-as"), "serve", "--config", config.toString()))
                .await("ace-as ready");
        Matcher uri = SERVES.matcher(as.output());
        assertThat(uri.find()).as(as.output()).isTrue();
        Files.writeString(
                directory.resolve("device/kmpd.yaml"),
                """
                socket: %s
                credentials:
                  - endpoint: coaps://as.example
                    psk_identity: device-1
                    psk: "@../as.psk"
                    address: 127.0.0.1:%s
                ace:
                  client:
                    as:
                      - target: %s
                        uri: coaps://as.example
                        issuer: as.example
                        audience: rs1
                        scope: read
                        client_id: device-1
                """
                        .formatted(processes.socket("device"), uri.group(1), server));
        return as;
    }

    static String algorithm(String format) {
        return format.equals("cwt") ? "AES-CCM-16-64-128" : "A128GCM";
    }

    void secret(String file, String hex) throws IOException {
        Path path = Files.writeString(directory.resolve(file), hex);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    /** The key that the device's token is bound to. */
    String tokenKey() throws IOException {
        return Files.readString(directory.resolve("device/device-1.key")).strip();
    }

    /** A kmpd that has registered with its daemon. */
    Processes.Running kmpd(String host) throws IOException, InterruptedException {
        return kmpd(host, "ace");
    }

    /** A kmpd that has registered this KMP with its daemon. */
    Processes.Running kmpd(String host, String kmp) throws IOException, InterruptedException {
        return processes
                .start(
                        host + "-kmpd",
                        List.of(
                                Processes.bin("kmpd"),
                                "--config",
                                directory.resolve(host).resolve("kmpd.yaml").toString()))
                .await("kmpd ready")
                .await("registered kmp=" + kmp);
    }

    static int port(Processes.Running kmpd) {
        Matcher matcher = LISTENS.matcher(kmpd.output());
        assertThat(matcher.find()).as(kmpd.output()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /** The CoAP server, which offers the resources of its host's kmpd on its own port. */
    Processes.Running serverProgram(Processes.Running kmpd) throws IOException, InterruptedException {
        return processes
                .program(
                        "sensor-server",
                        SensorServer.class,
                        "--socket",
                        processes.socket("server").toString(),
                        "--port",
                        Integer.toString(serverPort),
                        "--name",
                        server,
                        "--kmpd",
                        Integer.toString(port(kmpd)))
                .await("server ready");
    }

    /** The CoAP client, which is not waited for. */
    Processes.Running startClient(String name, int hop, String... requests) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--socket",
                processes.socket("device").toString(),
                "--name",
                DEVICE,
                "--proxy-port",
                Integer.toString(hop)));
        arguments.addAll(Arrays.asList(requests));
        return processes.program(name, SensorClient.class, arguments.toArray(new String[0]));
    }

    Processes.Running client(String... requests) throws IOException, InterruptedException {
        Processes.Running client = startClient("sensor-client", proxyPort, requests);
        client.process().waitFor();
        return client;
    }

    /** The daemon of a host, which does not run, has nothing of what it had. */
    void forget(String host) throws IOException {
        Path home = directory.resolve(host);
        Files.move(home.resolve("state"), home.resolve("state.before"));
        Files.delete(home.resolve("state.guard"));
    }

    /** A program of the device that has SAs made with the server, and then sends nothing. */
    void askAndFallSilent() throws IOException {
        // GET without options, as a confirmable message without a token.
        Octets get = Octets.ofHex("40010001");
        try (SamdClient samd = SamdClient.connect(processes.socket("device"))) {
            ProtectOutcome outcome = samd.records()
                    .protect(ProtectRequest.of(get)
                            .withLocal(Endpoint.parse(DEVICE))
                            .withDefaultTarget(Endpoint.parse(server))
                            .withVia("coap://127.0.0.1:" + proxyPort)
                            .withPatience(Duration.ofSeconds(50)))
                    .join();
            assertThat(outcome).isInstanceOf(ProtectedMessage.class);
        }
    }

    Processes.Running monitor(String host) throws IOException, InterruptedException {
        return processes
                .start(
                        host + "-monitor",
                        List.of(
                                Processes.bin("samctl"),
                                "--socket",
                                processes.socket(host).toString(),
                                "monitor"))
                .await("READY");
    }
}
