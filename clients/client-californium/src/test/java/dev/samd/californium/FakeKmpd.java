// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;

/** The CoAP side of kmpd: it keeps what it is sent, and answers with the payload, or as a test says. */
final class FakeKmpd implements AutoCloseable {
    final List<Request> posts = new CopyOnWriteArrayList<>();
    volatile Consumer<CoapExchange> answer =
            exchange -> exchange.respond(ResponseCode.CREATED, exchange.getRequestPayload());

    private final CoapServer server = new CoapServer(TestServer.configuration());
    private final CoapEndpoint endpoint = TestServer.builder()
            .setOptionRegistry(new MapBasedOptionRegistry(
                    StandardOptionRegistry.getDefaultOptionRegistry(),
                    RelayOptions.SOURCE,
                    RelayOptions.LOCAL,
                    RelayOptions.PRINCIPAL,
                    RelayOptions.REFERENCE,
                    HandedOnOptions.AUTH,
                    HandedOnOptions.AUTH_MSG_TYPE))
            .build();

    FakeKmpd() {
        server.addEndpoint(endpoint);
        server.add(new Posts("authz-info"));
        server.getRoot().getChild(".well-known").add(new Posts("rekey"));
        Posts less = new Posts("less");
        less.add(new Posts("0123456789abcdef"));
        server.getRoot().getChild(".well-known").add(less);
        server.start();
    }

    InetSocketAddress address() {
        return endpoint.getAddress();
    }

    @Override
    public void close() {
        server.destroy();
    }

    private final class Posts extends CoapResource {
        Posts(String name) {
            super(name);
        }

        @Override
        public void handlePOST(CoapExchange exchange) {
            posts.add(exchange.advanced().getRequest());
            answer.accept(exchange);
        }
    }
}
