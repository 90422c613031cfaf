// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.sa.Octets;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Octets as they travel, read and written without the code that is tested. */
final class Wire {
    private static final int CID_RECORD = 25;
    private static final int SEQUENCE_OFFSET = 5;
    private static final int SEQUENCE_LENGTH = 6;
    private static final int CID_OFFSET = SEQUENCE_OFFSET + SEQUENCE_LENGTH;
    private static final int PAYLOAD_MARKER = 0xff;

    private Wire() {}

    /** A confirmable {@code POST /t} with 8 octets of payload. */
    static Octets request(long payload) {
        return message(0x44, 0x02, payload, (byte) 0xb1, (byte) 't');
    }

    /** An acknowledgement 2.04 with 8 octets of payload. */
    static Octets response(long payload) {
        return message(0x64, 0x44, payload);
    }

    private static Octets message(int first, int code, long payload, byte... options) {
        return Octets.of(ByteBuffer.allocate(17 + options.length)
                .put((byte) first)
                .put((byte) code)
                .putShort((short) payload)
                .putInt((int) payload)
                .put(options)
                .put((byte) PAYLOAD_MARKER)
                .putLong(payload)
                .array());
    }

    /** Where the record of a protected CoAP message begins: behind the options (RFC 7252 s3). */
    static int recordOffset(Octets coap) {
        int at = 4 + (coap.at(0) & 0x0f);
        while (coap.at(at) != PAYLOAD_MARKER) {
            int delta = coap.at(at) >> 4;
            int length = coap.at(at) & 0x0f;
            at++;
            at += extension(delta);
            int octets =
                    length < 13 ? length : length == 13 ? coap.at(at) + 13 : (coap.at(at) << 8) + coap.at(at + 1) + 269;
            at += extension(length) + octets;
        }
        return at + 1;
    }

    private static int extension(int nibble) {
        return nibble < 13 ? 0 : nibble - 12;
    }

    /** The sequence number of the record that begins at an offset (RFC 9146 s4). */
    static long sequence(Octets octets, int offset) {
        if (octets.at(offset) != CID_RECORD) {
            throw new IllegalArgumentException("no record with a connection ID: type " + octets.at(offset));
        }
        return number(octets, offset + SEQUENCE_OFFSET, SEQUENCE_LENGTH);
    }

    /** The connection ID, of 4 octets, of the record that begins at an offset. */
    static long connectionId(Octets octets, int offset) {
        return number(octets, offset + CID_OFFSET, 4);
    }

    private static long number(Octets octets, int offset, int length) {
        long number = 0;
        for (int i = 0; i < length; i++) {
            number = number << 8 | octets.at(offset + i);
        }
        return number;
    }

    /** The same with the highest sequence number there is: no tag fits it. */
    static Octets forged(Octets octets, int offset) {
        byte[] forged = octets.toArray();
        Arrays.fill(forged, offset + SEQUENCE_OFFSET, offset + CID_OFFSET, (byte) 0xff);
        return Octets.of(forged);
    }
}
