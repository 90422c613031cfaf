// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;

/** A protected CoAP client on loopback, whose requests all go to one place: a server, a wire, or a proxy. */
final class TestClient implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 15_000;

    private final CoapEndpoint endpoint;
    private final InetSocketAddress destination;

    TestClient(SamdOptions options, InetSocketAddress destination) {
        this.destination = destination;
        endpoint = Samd.protect(TestServer.builder(), options).build();
        try {
            endpoint.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CoapEndpoint endpoint() {
        return endpoint;
    }

    /** The name of the destination, as the protection sees it. */
    Endpoint target() {
        return Endpoint.of("coap", destination.getAddress().getHostAddress(), destination.getPort());
    }

    Request request(Code code, String path) {
        Request request = new Request(code);
        request.setDestinationContext(new AddressEndpointContext(destination));
        request.getOptions().setUriPath(path);
        request.setUriIsApplied();
        return request;
    }

    Request request(Code code, String path, String payload) {
        Request request = request(code, path);
        request.setPayload(payload);
        return request;
    }

    Response send(Request request) {
        request.send(endpoint);
        return await(request);
    }

    /** The response, or null once the request has ended without one. */
    static Response await(Request request) {
        try {
            return request.waitForResponse(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        endpoint.destroy();
    }
}
