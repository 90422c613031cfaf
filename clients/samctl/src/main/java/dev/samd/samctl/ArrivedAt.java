// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.MessageTarget;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** The endpoint that a message says it arrived at. */
final class ArrivedAt {
    private ArrivedAt() {}

    /** The endpoint that a request names; the host for one that names none, and for every response. */
    static Endpoint of(Octets input) {
        try {
            CoapMessage message = CoapMessage.parse(input.toArray());
            if (!message.isRequest()) {
                return Endpoint.HOST_WIDE;
            }
            int port = message.option(CoapOption.URI_PORT)
                    .map(octets -> new BigInteger(1, octets.toArray()).intValue())
                    .orElse(0);
            return message.option(CoapOption.URI_HOST)
                    .map(host -> Endpoint.of(
                            MessageTarget.DEFAULT_SCHEME, new String(host.toArray(), StandardCharsets.UTF_8), port))
                    .orElse(Endpoint.HOST_WIDE);
        } catch (SaException e) {
            // The daemon reads the same octets, and says what is wrong with them.
            return Endpoint.HOST_WIDE;
        }
    }
}
