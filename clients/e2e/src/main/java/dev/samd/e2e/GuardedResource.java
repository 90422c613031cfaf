// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import java.io.PrintStream;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;

/** A resource that prints every request, and answers 4.03 to those whose sender may not make them. */
abstract class GuardedResource extends CoapResource {
    private final PrintStream out;

    GuardedResource(String name, PrintStream out) {
        super(name);
        this.out = out;
    }

    @Override
    public void handleRequest(Exchange exchange) {
        Request request = exchange.getRequest();
        if (Access.allows(request.getSourceContext().getPeerIdentity(), request.getCode())) {
            out.println(Received.line("received", request));
            super.handleRequest(exchange);
        } else {
            out.println(Received.line("refused", request));
            exchange.sendResponse(new Response(ResponseCode.FORBIDDEN));
        }
    }
}
