// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;

/** {@code /notes}: takes notes of any size by POST and answers with the note itself, so that both ways can be compared. */
final class Notebook extends GuardedResource {
    private final AtomicInteger notes = new AtomicInteger();

    Notebook(PrintStream out) {
        super("notes", out);
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
        exchange.setLocationPath("/notes/" + notes.incrementAndGet());
        exchange.respond(ResponseCode.CREATED, exchange.getRequestText(), MediaTypeRegistry.TEXT_PLAIN);
    }
}
