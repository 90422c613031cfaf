// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.CoapType;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** CoAP messages to begin with: each kind that goes another way through the code. */
final class Messages {
    static final int GET = 0x01;
    static final int POST = 0x02;
    static final int PUT = 0x03;
    static final int FETCH = 0x05;
    static final int CONTENT = 0x45;

    private static final Octets TOKEN = Octets.ofHex("c0ffee");

    private Messages() {}

    static Map<String, CoapMessage> originals() {
        Map<String, CoapMessage> messages = new LinkedHashMap<>();
        messages.put(
                "get",
                of(GET, "", CoapOption.ofText(CoapOption.URI_HOST, "device-1"), text(CoapOption.URI_PATH, "temp")));
        messages.put("put", put());
        messages.put(
                "observe",
                of(
                        GET,
                        "",
                        text(CoapOption.URI_HOST, "device-1"),
                        CoapOption.ofUint(CoapOption.OBSERVE, 0),
                        text(CoapOption.URI_PATH, "temp"),
                        CoapOption.ofUint(CoapOption.NO_RESPONSE, 26)));
        messages.put("proxied", of(POST, "x", text(CoapOption.PROXY_URI, "coap://device-1:5684/a%2fb/./c?d=e&f")));
        messages.put(
                "long-options",
                of(
                        POST,
                        "",
                        text(CoapOption.URI_HOST, "device-1"),
                        text(CoapOption.URI_PATH, "p".repeat(200)),
                        text(CoapOption.URI_QUERY, "q".repeat(255)),
                        new CoapOption(2049, Octets.of(new byte[300])),
                        new CoapOption(CoapOption.MAX_NUMBER, Octets.EMPTY)));
        return messages;
    }

    static CoapMessage put() {
        return of(
                PUT,
                "22.5C",
                text(CoapOption.URI_HOST, "device-1"),
                CoapOption.ofUint(CoapOption.URI_PORT, 5684),
                text(CoapOption.URI_PATH, "temp"),
                CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 60),
                text(CoapOption.URI_QUERY, "unit=C"));
    }

    static CoapMessage notification() {
        return of(
                CONTENT,
                "22.5C",
                CoapOption.ofUint(CoapOption.OBSERVE, 12),
                CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 0),
                CoapOption.ofUint(CoapOption.MAX_AGE, 60));
    }

    static CoapMessage of(int code, String payload, CoapOption... options) {
        return CoapMessage.of(
                CoapType.CON,
                code,
                0x1234,
                TOKEN,
                List.of(options),
                Octets.of(payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static CoapOption text(int number, String value) {
        return CoapOption.ofText(number, value);
    }
}
