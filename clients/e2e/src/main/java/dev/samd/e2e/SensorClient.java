// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import dev.samd.californium.MessageProtection;
import dev.samd.californium.Samd;
import dev.samd.californium.SamdOptions;
import dev.samd.client.SamdClient;
import dev.samd.sa.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A CoAP client that sends its requests through a proxy. It holds no keys either. */
@Command(name = "sensor-client", description = "Sends requests, one after the other, through a CoAP proxy")
public final class SensorClient implements Callable<Integer> {
    /** The daemon may have to acquire an SA first, and then the server has its time to answer. */
    private static final long PATIENCE_MILLIS = 45_000;

    @Option(names = "--socket", required = true, description = "the socket of the client's samd")
    private Path socket = Path.of("");

    @Option(names = "--name", required = true, description = "the client's name, scheme://host[:port]")
    private String name = "";

    @Option(names = "--proxy-port", required = true, description = "UDP port of the proxy on the loopback address")
    private int proxyPort;

    @Parameters(arity = "1..*", paramLabel = "REQUEST", description = "\"METHOD URI [PAYLOAD]\"")
    private List<String> requests = List.of();

    /** Exits with 0 if every request was answered, with 1 if one was refused or not answered. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new SensorClient()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CoapConfig.register();
        UdpConfig.register();
        Configuration configuration = Configuration.createStandardWithoutFile();
        boolean answered = true;
        try (SamdClient samd = SamdClient.connect(socket)) {
            SamdOptions options =
                    SamdOptions.of(MessageProtection.of(samd.records())).withLocal(Endpoint.parse(name));
            CoapEndpoint endpoint = Samd.protect(
                            CoapEndpoint.builder()
                                    .setConfiguration(configuration)
                                    .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                            options)
                    .build();
            endpoint.start();
            for (String line : requests) {
                answered &= send(endpoint, line.split(" ", 3));
            }
            endpoint.destroy();
        }
        return answered ? 0 : 1;
    }

    private boolean send(CoapEndpoint endpoint, String[] words) throws InterruptedException {
        Request request = new Request(Code.valueOf(words[0]));
        request.setDestinationContext(
                new AddressEndpointContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort)));
        request.getOptions().setProxyUri(words[1]);
        if (words.length > 2) {
            request.setPayload(words[2]);
        }
        System.out.println("sent " + words[0] + " " + URI.create(words[1]).getPath()
                + (words.length > 2 ? " " + Received.quoted(words[2]) : "") + " to " + words[1]);
        request.send(endpoint);
        Response response = request.waitForResponse(PATIENCE_MILLIS);
        if (response != null) {
            String payload = response.getPayloadString();
            System.out.println("answered " + response.getCode() + " "
                    + response.getCode().name() + (payload.isEmpty() ? "" : " " + Received.quoted(payload)));
            return true;
        }
        Throwable error = request.getSendError();
        System.out.println("failed " + (error == null ? "no answer" : error.getMessage()));
        return false;
    }
}
