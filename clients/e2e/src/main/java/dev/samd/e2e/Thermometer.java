// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import java.io.PrintStream;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;

/** {@code /temp}: one value that can be read, observed, written and deleted. */
final class Thermometer extends GuardedResource {
    private volatile String celsius = "";

    Thermometer(PrintStream out) {
        super("temp", out);
        setObservable(true);
    }

    @Override
    public void handleGET(CoapExchange exchange) {
        String value = celsius;
        if (value.isEmpty()) {
            exchange.respond(ResponseCode.NOT_FOUND);
        } else {
            exchange.respond(ResponseCode.CONTENT, value, MediaTypeRegistry.TEXT_PLAIN);
        }
    }

    @Override
    public void handlePUT(CoapExchange exchange) {
        celsius = exchange.getRequestText();
        exchange.respond(ResponseCode.CHANGED);
        changed();
    }

    @Override
    public void handleDELETE(CoapExchange exchange) {
        celsius = "";
        exchange.respond(ResponseCode.DELETED);
    }
}
