// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import org.jspecify.annotations.Nullable;

/**
 * Walks the options of a message, or of a plaintext, where they stand: no copy, and nothing is allocated by a length
 * that the octets state. Ends at the payload marker, at the end, or at a fault. Confined to one walk.
 */
final class OptionCursor {
    private static final int PAYLOAD_MARKER = 0xff;

    private final byte[] octets;
    private final int end;
    private int position;
    private int number;
    private int valueOffset;
    private int valueLength;
    private int payloadOffset;
    private @Nullable OptionFault fault;

    OptionCursor(byte[] octets, int offset, int end) {
        this.octets = octets;
        this.end = end;
        this.position = offset;
        this.payloadOffset = end;
    }

    /** Goes to the next option, and gives false where there is none. */
    boolean advance() {
        int at = position;
        if (at == end) {
            return false;
        }
        int head = octets[at++] & 0xff;
        if (head == PAYLOAD_MARKER) {
            payloadOffset = at;
            return at == end && fail(OptionFault.EMPTY_PAYLOAD);
        }
        int delta = head >>> 4;
        int length = head & 0x0f;
        if (delta == 15 || length == 15) {
            return fail(OptionFault.RESERVED_NIBBLE);
        }
        if (extension(delta) + extension(length) > end - at) {
            return fail(OptionFault.TRUNCATED);
        }
        if (delta > 12) {
            int width = extension(delta);
            delta = extended(at, width);
            at += width;
        }
        if (length > 12) {
            int width = extension(length);
            length = extended(at, width);
            at += width;
        }
        if (length > end - at) {
            return fail(OptionFault.TRUNCATED);
        }
        if (number + delta > CoapOption.MAX_NUMBER) {
            return fail(OptionFault.NUMBER_TOO_HIGH);
        }
        number += delta;
        valueOffset = at;
        valueLength = length;
        position = at + length;
        return true;
    }

    private static int extension(int nibble) {
        return Math.max(0, nibble - 12);
    }

    private int extended(int at, int width) {
        return width == 1 ? 13 + (octets[at] & 0xff) : 269 + ((octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff));
    }

    private boolean fail(OptionFault found) {
        fault = found;
        return false;
    }

    /** What ended the walk, or null if it ended well. */
    @Nullable
    OptionFault fault() {
        return fault;
    }

    int number() {
        return number;
    }

    int valueOffset() {
        return valueOffset;
    }

    int valueLength() {
        return valueLength;
    }

    /** The value as a uint of at most four octets (RFC 7252 s3.2), or -1 if it is longer. */
    long uint() {
        if (valueLength > 4) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < valueLength; i++) {
            value = value << 8 | (octets[valueOffset + i] & 0xff);
        }
        return value;
    }

    /** Where the walk stands: at its end the offset behind the last option, at a fault the offset of the faulty one. */
    int position() {
        return position;
    }

    /** After the walk, the offset of the payload; the end where there is none. */
    int payloadOffset() {
        return payloadOffset;
    }
}
