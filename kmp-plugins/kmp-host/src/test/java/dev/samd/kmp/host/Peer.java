// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.Connector;

/** A CoAP endpoint that keeps what it is asked, and answers as a test says. */
final class Peer implements MessageDeliverer, AutoCloseable {
    final List<Request> requests = new CopyOnWriteArrayList<>();
    volatile Consumer<Exchange> answer = exchange -> {
        Response response = new Response(ResponseCode.CREATED);
        response.getOptions().setContentFormat(42);
        response.setPayload(exchange.getRequest().getPayload());
        exchange.sendResponse(response);
    };

    private final CoapEndpoint endpoint;

    Peer(CoapEngine engine, Connector connector) throws IOException {
        endpoint = engine.adopt(new CoapEndpoint.Builder()
                .setConfiguration(engine.configuration())
                .setConnector(connector)
                .setOptionRegistry(CoapOctets.REGISTRY)
                .build());
        endpoint.setMessageDeliverer(this);
        endpoint.start();
    }

    InetSocketAddress address() {
        return endpoint.getAddress();
    }

    @Override
    public void deliverRequest(Exchange exchange) {
        requests.add(exchange.getRequest());
        answer.accept(exchange);
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
        exchange.getRequest().setResponse(response);
    }

    @Override
    public void close() {
        endpoint.destroy();
    }
}
