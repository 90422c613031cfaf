// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.CoapType;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The CoAP request that is measured everywhere: a PUT as a sensor sends it. */
final class Requests {
    private static final int PUT = 0x03;
    private static final int CONTENT_FORMAT = 12;

    private Requests() {}

    /** {@code CON PUT coap://HOST/sensors/temperature}, with a token of 4 octets, as on UDP. */
    static byte[] put(String host, int payloadLength) {
        byte[] payload = new byte[payloadLength];
        for (int i = 0; i < payloadLength; i++) {
            payload[i] = (byte) ('a' + i % 26);
        }
        List<CoapOption> options = List.of(
                new CoapOption(CoapOption.URI_HOST, ascii(host)),
                new CoapOption(CoapOption.URI_PATH, ascii("sensors")),
                new CoapOption(CoapOption.URI_PATH, ascii("temperature")),
                new CoapOption(CONTENT_FORMAT, Octets.of(new byte[] {60})));
        return CoapMessage.of(CoapType.CON, PUT, 0x1234, ascii("tokn"), options, Octets.of(payload))
                .toOctets();
    }

    private static Octets ascii(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
