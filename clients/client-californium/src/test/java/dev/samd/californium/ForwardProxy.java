// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.config.Configuration;

/**
 * An untrusted forward proxy: it sends requests to an origin by their Uri-Host, all from one address and port, with Message IDs and Tokens of
 * its own, and keeps what it saw. It leaves bodies in one piece (block-wise is off in its own stack).
 */
final class ForwardProxy implements AutoCloseable, MessageDeliverer {
    final List<Request> requests = new CopyOnWriteArrayList<>();
    final List<Response> responses = new CopyOnWriteArrayList<>();
    /** Origins by Uri-Host, beside the one for all others. */
    final Map<String, InetSocketAddress> routes = new ConcurrentHashMap<>();

    private final CoapServer front;
    private final CoapEndpoint frontEndpoint;
    private final CoapEndpoint back;
    private final InetSocketAddress origin;

    ForwardProxy(InetSocketAddress origin) {
        this.origin = origin;
        Configuration transparent = TestServer.configuration().set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 0);
        frontEndpoint = endpoint(transparent);
        back = endpoint(transparent);
        front = new CoapServer(transparent);
        front.setMessageDeliverer(this);
        front.addEndpoint(frontEndpoint);
        front.start();
        try {
            back.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CoapEndpoint endpoint(Configuration configuration) {
        return TestServer.builder()
                .setConfiguration(configuration)
                .setOptionRegistry(OuterSigns.registry(SamdOptions.of(null).registry()))
                .build();
    }

    InetSocketAddress address() {
        return frontEndpoint.getAddress();
    }

    @Override
    public void deliverRequest(Exchange exchange) {
        Request incoming = exchange.getRequest();
        requests.add(incoming);
        Request outgoing = new Request(incoming.getCode(), incoming.getType());
        OptionSet options = new OptionSet(incoming.getOptions());
        options.removeProxyScheme();
        outgoing.setOptions(options);
        outgoing.setPayload(incoming.getPayload());
        String host = incoming.getOptions().getUriHost();
        outgoing.setDestinationContext(
                new AddressEndpointContext(host == null ? origin : routes.getOrDefault(host, origin)));
        outgoing.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
                responses.add(response);
                Response answer = new Response(response.getCode());
                answer.setOptions(response.getOptions());
                answer.setPayload(response.getPayload());
                exchange.sendResponse(answer);
            }
        });
        exchange.sendAccept();
        outgoing.send(back);
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
        exchange.getRequest().setResponse(response);
    }

    @Override
    public void close() {
        front.destroy();
        back.destroy();
    }
}
