// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import java.util.Objects;

/**
 * A look at one record in somebody else's array, without copying: enough of the header to find its SA. Immutable, as long
 * as the array is.
 *
 * <p>{@code type:1 | version:2 | epoch:2 | sequence:6 | [cid] | length:2 | fragment} (RFC 6347 s4.1, RFC 9146 s4). How long
 * a connection ID is, only the SA knows; so the record is read to its end by the {@link Opener}.
 */
public final class RecordView {
    /** What the first octet says (RFC 9147 s4.1, figure 4). */
    public enum Kind {
        /** Type 25: a DTLS 1.2 record that begins, behind its sequence number, with a connection ID. */
        CONNECTION_ID,
        /** Types 20..23: a DTLS 1.2 record without a connection ID. */
        PLAIN,
        /** 001xxxxx: a protected DTLS 1.3 record. */
        DTLS13,
        /** Anything else, and what is too short to be what it says. */
        UNKNOWN
    }

    private static final int MIN_LENGTH = 13;

    private final byte[] buffer;
    private final int offset;
    private final int length;
    private final Kind kind;
    private final int epoch;
    private final long sequence;

    /**
     * The record that fills the slice.
     *
     * @param buffer borrowed, and not changed while the view is in use
     * @throws IndexOutOfBoundsException if the slice is not inside the array
     */
    public RecordView(byte[] buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        kind = length == 0 ? Kind.UNKNOWN : kindOf(buffer[offset] & 0xff, length);
        boolean dtls12 = kind == Kind.CONNECTION_ID || kind == Kind.PLAIN;
        epoch = dtls12 ? Dtls12Codec.readEpoch(buffer, offset) : 0;
        sequence = dtls12 ? Dtls12Codec.readSequence(buffer, offset) : 0;
    }

    /** The record that fills the array. */
    public RecordView(byte[] buffer) {
        this(buffer, 0, buffer.length);
    }

    private static Kind kindOf(int first, int length) {
        if (first >> 5 == 1) {
            return Kind.DTLS13;
        }
        if (length < MIN_LENGTH) {
            return Kind.UNKNOWN;
        }
        if (first == ContentType.TLS12_CID) {
            return Kind.CONNECTION_ID;
        }
        return first >= ContentType.CHANGE_CIPHER_SPEC && first <= ContentType.APPLICATION_DATA
                ? Kind.PLAIN
                : Kind.UNKNOWN;
    }

    /** What the first octet says. */
    public Kind kind() {
        return kind;
    }

    /** The borrowed array. */
    public byte[] buffer() {
        return buffer;
    }

    /** Where the record begins in {@link #buffer()}. */
    public int offset() {
        return offset;
    }

    /** Length of the record in octets. */
    public int length() {
        return length;
    }

    /** Where the record ends in {@link #buffer()}. */
    public int end() {
        return offset + length;
    }

    /**
     * Where the octets behind the sequence number begin in {@link #buffer()}: of a {@link Kind#CONNECTION_ID} the
     * connection ID, up to {@link #end()} at most.
     *
     * @throws IllegalStateException if the record is not one of DTLS 1.2
     */
    public int afterSequence() {
        requireDtls12();
        return offset + Dtls12Codec.AFTER_SEQUENCE;
    }

    /**
     * The epoch, 0..2^16-1, not yet authenticated.
     *
     * @throws IllegalStateException if the record is not one of DTLS 1.2
     */
    public int epoch() {
        requireDtls12();
        return epoch;
    }

    /**
     * The sequence number, 0..2^48-1, not yet authenticated.
     *
     * @throws IllegalStateException if the record is not one of DTLS 1.2
     */
    public long sequence() {
        requireDtls12();
        return sequence;
    }

    private void requireDtls12() {
        if (kind != Kind.CONNECTION_ID && kind != Kind.PLAIN) {
            throw new IllegalStateException("a record of kind " + kind + " has no header in clear");
        }
    }

    @Override
    public String toString() {
        return "RecordView[" + kind + ", " + length + " octets]";
    }
}
