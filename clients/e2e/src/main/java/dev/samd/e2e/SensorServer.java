// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import dev.samd.californium.KmpRelay;
import dev.samd.californium.MessageProtection;
import dev.samd.californium.Samd;
import dev.samd.californium.SamdOptions;
import dev.samd.client.SamdClient;
import dev.samd.sa.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A CoAP server with two resources. What it knows of security is the one line that builds its endpoint, and what a scope
 * allows.
 */
@Command(name = "sensor-server", description = "A CoAP server whose messages samd protects")
public final class SensorServer implements Callable<Integer> {
    /** Where the first words of KMPs arrive, in clear: who sends one has no SA yet (docs/kmp.md). */
    private static final List<String> FIRST_WORDS = List.of(
            "/authz-info",
            "/authz-info-krb",
            "/.well-known/less",
            "/.well-known/less/*",
            "/.well-known/dtls-e2e",
            "/.well-known/dtls-e2e/*");

    /** Where a pair makes its successor, protected by itself. */
    private static final String REKEY = "/.well-known/samd/rekey";

    @Option(names = "--socket", required = true, description = "the socket of the server's samd")
    private Path socket = Path.of("");

    @Option(names = "--port", required = true, description = "UDP port on the loopback address, 0 for a free one")
    private int port;

    @Option(names = "--name", required = true, description = "the server's name, scheme://host[:port]")
    private String name = "";

    @Option(
            names = "--kmpd",
            paramLabel = "PORT",
            description =
                    "UDP port of a kmpd on the loopback address, whose resources this server offers on its own port")
    private @Nullable Integer kmpd;

    /** Runs until it is killed. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new SensorServer()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        CoapConfig.register();
        UdpConfig.register();
        Configuration configuration = Configuration.createStandardWithoutFile();
        try (SamdClient samd = SamdClient.connect(socket)) {
            SamdOptions options =
                    SamdOptions.of(MessageProtection.of(samd.records())).withLocal(Endpoint.parse(name));
            if (kmpd != null) {
                options = options.withRelay(FIRST_WORDS.toArray(new String[0]));
            }
            CoapEndpoint endpoint = Samd.protect(
                            CoapEndpoint.builder()
                                    .setConfiguration(configuration)
                                    .setInetSocketAddress(
                                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                            options)
                    .build();
            CoapServer server = new CoapServer(configuration);
            server.addEndpoint(endpoint);
            server.add(new Thermometer(System.out), new Notebook(System.out));
            if (kmpd != null) {
                InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), kmpd);
                KmpRelay relay = new KmpRelay(address, options.local(), samd);
                relay.addTo(server, FIRST_WORDS);
                relay.addTo(server, List.of(REKEY));
            }
            server.start();
            System.out.println("server ready port=" + endpoint.getAddress().getPort());
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
