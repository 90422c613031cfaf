// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import dev.samd.californium.MessageProtection;
import dev.samd.californium.Samd;
import dev.samd.californium.SamdOptions;
import dev.samd.client.SamdClient;
import dev.samd.sa.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A CoAP server with two resources. Everything it knows of security is the one line that builds its endpoint. */
@Command(name = "sensor-server", description = "A CoAP server whose messages samd protects")
public final class SensorServer implements Callable<Integer> {
    @Option(names = "--socket", required = true, description = "the socket of the server's samd")
    private Path socket = Path.of("");

    @Option(names = "--port", required = true, description = "UDP port on the loopback address, 0 for a free one")
    private int port;

    @Option(names = "--name", required = true, description = "the server's name, scheme://host[:port]")
    private String name = "";

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
            server.start();
            System.out.println("server ready port=" + endpoint.getAddress().getPort());
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
