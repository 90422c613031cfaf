// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import java.io.PrintStream;
import java.security.Principal;
import org.eclipse.californium.core.server.resources.CoapExchange;

/** One line for every request that reaches a resource: what it is, and whom samd authenticated. */
final class Received {
    private static final int SHOWN = 40;

    private Received() {}

    static void print(PrintStream out, CoapExchange exchange) {
        Principal peer = exchange.advanced().getRequest().getSourceContext().getPeerIdentity();
        String payload = exchange.getRequestText();
        out.println("received " + exchange.getRequestCode() + " /"
                + exchange.getRequestOptions().getUriPathString()
                + (payload.isEmpty() ? "" : " " + quoted(payload))
                + " from " + (peer == null ? "nobody" : peer.getName()));
    }

    static String quoted(String payload) {
        return payload.length() <= SHOWN
                ? "\"" + payload + "\""
                : "\"" + payload.substring(0, SHOWN) + "…\" (" + payload.length() + " octets)";
    }
}
