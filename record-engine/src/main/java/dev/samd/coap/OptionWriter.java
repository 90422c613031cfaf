// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

/** Writes options in ascending order (RFC 7252 s3.1), deltas beginning at 0. Confined to one sequence of options. */
final class OptionWriter {
    /** The most octets that stand before the value of an option. */
    static final int MAX_HEAD = 5;

    private static final byte[] NOTHING = {};

    private final byte[] target;
    private int position;
    private int last;

    OptionWriter(byte[] target, int position) {
        this.target = target;
        this.position = position;
    }

    void put(int number, byte[] source, int offset, int length) {
        int head = position++;
        int delta = extend(number - last);
        target[head] = (byte) (delta << 4 | extend(length));
        System.arraycopy(source, offset, target, position, length);
        position += length;
        last = number;
    }

    void put(int number, byte[] value) {
        put(number, value, 0, value.length);
    }

    void putEmpty(int number) {
        put(number, NOTHING, 0, 0);
    }

    /** Writes what does not fit into the nibble of a delta or a length, and gives the nibble. */
    private int extend(int value) {
        if (value < 13) {
            return value;
        }
        if (value < 269) {
            target[position++] = (byte) (value - 13);
            return 13;
        }
        target[position++] = (byte) ((value - 269) >>> 8);
        target[position++] = (byte) (value - 269);
        return 14;
    }

    /** Writes marker and payload, or nothing if there is no payload. */
    void putPayload(byte[] source, int offset, int length) {
        if (length > 0) {
            target[position++] = (byte) 0xff;
            System.arraycopy(source, offset, target, position, length);
            position += length;
        }
    }

    /** The offset behind what was written. */
    int position() {
        return position;
    }
}
