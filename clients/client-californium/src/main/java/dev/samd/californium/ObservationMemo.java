// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Octets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.californium.core.coap.Request;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to unprotect the notifications of an observation. It travels in the user context of the protected request,
 * and so lives exactly as long as the observation, in whatever store the endpoint keeps that.
 *
 * @param reference the reference of the registration
 * @param request the original registration, in octets
 */
record ObservationMemo(Octets reference, Octets request) {
    private static final String REFERENCE = "samd.reference";
    private static final String REQUEST = "samd.request";

    /** The user context of the program, with the memo. */
    Map<String, String> addTo(@Nullable Map<String, String> userContext) {
        Map<String, String> context = new HashMap<>();
        if (userContext != null) {
            context.putAll(userContext);
        }
        context.put(REFERENCE, reference.toHex());
        context.put(REQUEST, request.toHex());
        return context;
    }

    /** The memo of an observation, if it is a protected one. */
    static Optional<ObservationMemo> of(Request outer) {
        Map<String, String> context = outer.getUserContext();
        if (context == null) {
            return Optional.empty();
        }
        String reference = context.get(REFERENCE);
        String request = context.get(REQUEST);
        if (reference == null || request == null) {
            return Optional.empty();
        }
        return Optional.of(new ObservationMemo(Octets.ofHex(reference), Octets.ofHex(request)));
    }
}
