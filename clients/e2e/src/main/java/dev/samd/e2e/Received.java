// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import dev.samd.californium.SamdPrincipal;
import java.security.Principal;
import org.eclipse.californium.core.coap.Request;
import org.jspecify.annotations.Nullable;

/** One line for every request that reaches a resource: what it is, whom samd authenticated, and what he may do. */
final class Received {
    private static final int SHOWN = 40;

    private Received() {}

    static String line(String outcome, Request request) {
        String payload = request.getPayloadString();
        return outcome + " " + request.getCode() + " /"
                + request.getOptions().getUriPathString()
                + (payload.isEmpty() ? "" : " " + quoted(payload))
                + " from " + sender(request.getSourceContext().getPeerIdentity());
    }

    private static String sender(@Nullable Principal peer) {
        if (peer == null) {
            return "nobody";
        }
        return peer instanceof SamdPrincipal known && !known.rights().scope().isEmpty()
                ? known.getName() + " with scope \"" + known.rights().scope() + "\""
                : peer.getName();
    }

    static String quoted(String payload) {
        return payload.length() <= SHOWN
                ? "\"" + payload + "\""
                : "\"" + payload.substring(0, SHOWN) + "…\" (" + payload.length() + " octets)";
    }
}
