// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.Octets;
import dev.samd.sa.SaParameters;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The layout of a DTLS 1.2 record and of its additional data, in wire order. Stateless: what varies comes from the SA.
 *
 * <pre>
 * type:1 | version:2 | epoch:2 | sequence:6 | [cid:n] | length:2 | fragment       RFC 6347 s4.1, RFC 9146 s4
 * fragment         = [explicit nonce:8] | ciphertext | tag                        RFC 6655 s3, RFC 5288 s3, RFC 7905 s2
 * plaintext        = content                                                      without connection ID
 *                  | content | type:1 | zeros                                     with it, RFC 9146 s4
 * additional data  = epoch:2 | sequence:6 | type:1 | version:2 | length:2         RFC 5246 s6.2.3.3
 *                  | ff*8 | 19 | n:1 | 19 | version:2 | epoch:2 | sequence:6 | cid:n | length:2    RFC 9146 s5.3
 * </pre>
 *
 * The length in the additional data is that of the plaintext, as it goes into the AEAD.
 */
final class Dtls12Codec {
    /** Where the octets behind the sequence number begin. */
    static final int AFTER_SEQUENCE = 11;
    /** Largest plaintext of a record, its inner type and padding included (RFC 5246 s6.2.1, RFC 9146 s5.3). */
    static final int MAX_PLAINTEXT = 1 << 14;
    /** What {@link #fragmentOffset} says of a record that is not one of the SA. */
    static final int MALFORMED = -1;

    private static final int VERSION = 1;
    private static final int EPOCH = 3;
    private static final int LENGTH_OCTETS = 2;
    /** Largest fragment (RFC 5246 s6.2.3). */
    private static final int MAX_FRAGMENT = (1 << 14) + 2048;

    private static final int PLAIN_AAD_LENGTH = 13;
    private static final int CID_AAD_LENGTH = 23;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private Dtls12Codec() {}

    /** Octets in front of the fragment. */
    static int headerLength(SaParameters sa) {
        return AFTER_SEQUENCE + cidLength(sa) + LENGTH_OCTETS;
    }

    /** Octets of connection ID in every record of the SA. */
    static int cidLength(SaParameters sa) {
        return sa.connectionId() ? sa.spi().length() : 0;
    }

    /** Epoch and sequence number as the eight octets that stand for both in header, nonce and additional data. */
    static long epochAndSequence(int epoch, long sequence) {
        return (long) epoch << 48 | sequence;
    }

    static int readEpoch(byte[] record, int offset) {
        return (short) SHORT.get(record, offset + EPOCH) & 0xffff;
    }

    static long readSequence(byte[] record, int offset) {
        return (long) LONG.get(record, offset + EPOCH) & 0xffff_ffff_ffffL;
    }

    /**
     * Writes the header.
     *
     * @param type the outer type
     * @return offset of the fragment
     */
    static int writeHeader(SaParameters sa, int type, long sequence, int fragmentLength, byte[] record, int offset) {
        record[offset] = (byte) type;
        SHORT.set(record, offset + VERSION, (short) sa.version().wire());
        LONG.set(record, offset + EPOCH, epochAndSequence(sa.epoch(), sequence));
        int at = offset + AFTER_SEQUENCE;
        if (sa.connectionId()) {
            at = sa.spi().octets().copyTo(record, at);
        }
        SHORT.set(record, at, (short) fragmentLength);
        return at + LENGTH_OCTETS;
    }

    /**
     * Reads the header against the SA: kind, version, epoch, connection ID, and a length that fills the slice to its end
     * with a fragment that the algorithm can have made.
     *
     * @return offset of the fragment, which ends with the slice, or {@link #MALFORMED}
     */
    static int fragmentOffset(SaParameters sa, RecordView record) {
        RecordView.Kind expected = sa.connectionId() ? RecordView.Kind.CONNECTION_ID : RecordView.Kind.PLAIN;
        if (record.kind() != expected) {
            return MALFORMED;
        }
        byte[] buffer = record.buffer();
        int offset = record.offset();
        int type = buffer[offset];
        if (!sa.connectionId() && type != ContentType.APPLICATION_DATA && type != ContentType.ALERT) {
            return MALFORMED;
        }
        int version = (short) SHORT.get(buffer, offset + VERSION) & 0xffff;
        if (version != sa.version().wire() || record.epoch() != sa.epoch()) {
            return MALFORMED;
        }
        int fragment = offset + headerLength(sa);
        int length = record.end() - fragment;
        if (length < 0 || (sa.connectionId() && !carriesCid(sa, record))) {
            return MALFORMED;
        }
        int stated = (short) SHORT.get(buffer, fragment - LENGTH_OCTETS) & 0xffff;
        int plaintext = length - sa.suite().aead().overhead();
        int minimum = sa.connectionId() ? 1 : 0;
        boolean fits = stated == length && length <= MAX_FRAGMENT && plaintext >= minimum && plaintext <= MAX_PLAINTEXT;
        return fits ? fragment : MALFORMED;
    }

    private static boolean carriesCid(SaParameters sa, RecordView record) {
        int at = record.afterSequence();
        return sa.spi().octets().isPrefixOf(record.buffer(), at, record.end() - at);
    }

    /** Length of the additional data of every record of the SA. */
    static int additionalDataLength(SaParameters sa) {
        return sa.connectionId() ? CID_AAD_LENGTH + cidLength(sa) : PLAIN_AAD_LENGTH;
    }

    /**
     * Writes the additional data.
     *
     * @param type the outer type
     * @param plaintextLength 0..2^14, inner type and padding included
     * @param target of {@link #additionalDataLength} octets
     */
    static void writeAdditionalData(SaParameters sa, int type, long sequence, int plaintextLength, byte[] target) {
        short version = (short) sa.version().wire();
        long number = epochAndSequence(sa.epoch(), sequence);
        if (!sa.connectionId()) {
            LONG.set(target, 0, number);
            target[8] = (byte) type;
            SHORT.set(target, 9, version);
            SHORT.set(target, 11, (short) plaintextLength);
            return;
        }
        Octets cid = sa.spi().octets();
        LONG.set(target, 0, -1L);
        target[8] = ContentType.TLS12_CID;
        target[9] = (byte) cid.length();
        target[10] = ContentType.TLS12_CID;
        SHORT.set(target, 11, version);
        LONG.set(target, 13, number);
        int at = cid.copyTo(target, 21);
        SHORT.set(target, at, (short) plaintextLength);
    }

    /** Octets that go into the AEAD for so much content. */
    static long plaintextLength(SaParameters sa, int content, int padding) {
        return sa.connectionId() ? 1L + content + padding : content;
    }

    /** Octets of a whole record around so much plaintext. */
    static int recordLength(SaParameters sa, int plaintextLength) {
        AeadAlgorithm aead = sa.suite().aead();
        return headerLength(sa) + aead.overhead() + plaintextLength;
    }
}
