// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;

/**
 * One option of a CoAP message.
 *
 * @param number 0..65535 (RFC 7252 s5.4.6)
 * @param value its octets; a uint is big-endian without leading zeros, so 0 is empty (RFC 7252 s3.2)
 */
public record CoapOption(int number, Octets value) {
    public static final int IF_MATCH = 1;
    public static final int URI_HOST = 3;
    public static final int ETAG = 4;
    public static final int IF_NONE_MATCH = 5;
    public static final int OBSERVE = 6;
    public static final int URI_PORT = 7;
    public static final int LOCATION_PATH = 8;
    public static final int OSCORE = 9;
    public static final int URI_PATH = 11;
    public static final int CONTENT_FORMAT = 12;
    public static final int MAX_AGE = 14;
    public static final int URI_QUERY = 15;
    public static final int HOP_LIMIT = 16;
    public static final int ACCEPT = 17;
    public static final int Q_BLOCK1 = 19;
    public static final int LOCATION_QUERY = 20;
    public static final int EDHOC = 21;
    public static final int BLOCK2 = 23;
    public static final int BLOCK1 = 27;
    public static final int SIZE2 = 28;
    public static final int Q_BLOCK2 = 31;
    public static final int PROXY_URI = 35;
    public static final int PROXY_SCHEME = 39;
    public static final int SIZE1 = 60;
    public static final int ECHO = 252;
    public static final int NO_RESPONSE = 258;
    public static final int REQUEST_TAG = 292;

    /** The highest number an option can have. */
    public static final int MAX_NUMBER = 0xffff;

    public CoapOption {
        if (number < 0 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("option number " + number + "; 0.." + MAX_NUMBER + " expected");
        }
    }

    /** An option with a text as its value, in UTF-8. */
    public static CoapOption ofText(int number, String value) {
        return new CoapOption(number, Octets.of(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** An option with a number as its value, 0..2^32-1, in as few octets as it needs. */
    public static CoapOption ofUint(int number, long value) {
        int length = (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8;
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (value >>> (8 * (length - 1 - i)));
        }
        return new CoapOption(number, Octets.of(octets));
    }

    /** Whether an endpoint that does not know the option must refuse the message (RFC 7252 s5.4.6). */
    public boolean isCritical() {
        return (number & 1) != 0;
    }
}
