// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;

/** A CoAP program on loopback: /store keeps one body per principal, /slow answers separately, /count is observable. */
final class TestServer implements AutoCloseable {
    static {
        CoapConfig.register();
        SystemConfig.register();
    }

    final Map<String, String> bodies = new ConcurrentHashMap<>();
    final AtomicInteger handled = new AtomicInteger();
    final Counted count = new Counted();
    volatile Principal principal;
    volatile SamdEndpointContext context;

    private final CoapServer server;
    private final CoapEndpoint endpoint;

    TestServer(SamdOptions options) {
        endpoint = Samd.protect(builder(), options).build();
        server = new CoapServer(configuration());
        server.addEndpoint(endpoint);
        server.add(new Store(), new Slow(), new Rejecting(), count);
        server.start();
    }

    /** Short times, so that a lost datagram costs little. */
    static Configuration configuration() {
        return Configuration.createStandardWithoutFile()
                .set(CoapConfig.ACK_TIMEOUT, 200, TimeUnit.MILLISECONDS)
                .set(CoapConfig.MAX_RETRANSMIT, 3)
                .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 65_536)
                .set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 2);
    }

    static CoapEndpoint.Builder builder() {
        return new CoapEndpoint.Builder()
                .setConfiguration(configuration())
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    InetSocketAddress address() {
        return endpoint.getAddress();
    }

    /** The program, to add resources to. */
    CoapServer program() {
        return server;
    }

    CoapEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        server.destroy();
    }

    private final class Store extends CoapResource {
        Store() {
            super("store");
        }

        @Override
        public void handleRequest(org.eclipse.californium.core.network.Exchange exchange) {
            handled.incrementAndGet();
            if (exchange.getRequest().getSourceContext() instanceof SamdEndpointContext samd) {
                context = samd;
                principal = samd.getPeerIdentity();
            } else {
                context = null;
                principal = null;
            }
            super.handleRequest(exchange);
        }

        private String owner() {
            return principal == null ? "nobody" : principal.getName();
        }

        @Override
        public void handleGET(CoapExchange exchange) {
            exchange.respond(ResponseCode.CONTENT, bodies.getOrDefault(owner(), "nothing"));
        }

        @Override
        public void handlePUT(CoapExchange exchange) {
            String owner = owner(exchange);
            bodies.put(owner, exchange.getRequestText());
            exchange.respond(ResponseCode.CHANGED, "stored " + exchange.getRequestPayload().length);
        }

        private String owner(CoapExchange exchange) {
            Principal peer = exchange.advanced().getRequest().getSourceContext().getPeerIdentity();
            return peer == null ? "nobody" : peer.getName();
        }

        @Override
        public void handlePOST(CoapExchange exchange) {
            exchange.respond(ResponseCode.CREATED, exchange.getRequestText());
        }

        @Override
        public void handleDELETE(CoapExchange exchange) {
            bodies.remove(owner());
            exchange.respond(ResponseCode.DELETED);
        }
    }

    private static final class Slow extends CoapResource {
        Slow() {
            super("slow");
        }

        @Override
        public void handleGET(CoapExchange exchange) {
            exchange.accept();
            exchange.respond(ResponseCode.CONTENT, "slowly");
        }
    }

    private static final class Rejecting extends CoapResource {
        Rejecting() {
            super("rejecting");
        }

        @Override
        public void handleGET(CoapExchange exchange) {
            exchange.reject();
        }
    }

    /** Counts up with each {@link #next}. */
    static final class Counted extends CoapResource {
        private final AtomicInteger value = new AtomicInteger();
        private volatile int padding;

        Counted() {
            super("count");
            setObservable(true);
            setObserveType(CoAP.Type.CON);
        }

        void next() {
            value.incrementAndGet();
            changed();
        }

        void pad(int octets) {
            padding = octets;
        }

        @Override
        public void handleGET(CoapExchange exchange) {
            exchange.respond(ResponseCode.CONTENT, value.get() + "x".repeat(padding));
        }
    }
}
