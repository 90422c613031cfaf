// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.nio.charset.StandardCharsets;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CompressionMethod;
import org.eclipse.californium.scandium.dtls.DTLSContext;

/**
 * Makes Scandium contexts without a handshake, from the form in which Scandium 3.14 itself saves them (versions 4, 3 and 1 of
 * context, session and sequence numbers).
 */
final class ScandiumContexts {
    private static final int CONTEXT_VERSION = 4;
    private static final int SESSION_VERSION = 3;
    private static final int SEQUENCE_VERSION = 1;
    private static final int NO_RECORD_SIZE_LIMIT = 0xffff;
    private static final int NO_FRAGMENT_LIMIT = 0;
    private static final int MASTER_SECRET_LENGTH = 48;

    private ScandiumContexts() {}

    /** A context that writes and reads with the keys of one SA, so that it opens what it seals. */
    static DTLSContext of(SaSpec spec) {
        DatagramWriter writer = new DatagramWriter();
        int start = SerializationUtil.writeStartItem(writer, CONTEXT_VERSION, Short.SIZE);
        writer.writeLong(0, Long.SIZE); // time of the handshake
        writeSession(writer, spec);
        writer.write(SaSpec.EPOCH, Byte.SIZE);
        writeState(writer, spec);
        writer.write(SaSpec.EPOCH, Byte.SIZE);
        writeState(writer, spec);
        writer.writeVarBytes(spec.connectionId() ? spec.spi().octets().toArray() : null, Byte.SIZE);
        writeFreshNumbers(writer);
        writer.write(0, Byte.SIZE); // not the connection ID of a draft
        writer.write(0, Short.SIZE); // no limit on messages
        writer.write(0, Byte.SIZE); // no key material exporter
        SerializationUtil.writeFinishedItem(writer, start, Short.SIZE);
        return DTLSContext.fromReader(new DatagramReader(writer.toByteArray()));
    }

    /** Sets numbers and window of a context back to where they were at the beginning. */
    static void restart(DTLSContext context) {
        DatagramWriter writer = new DatagramWriter();
        writeFreshNumbers(writer);
        context.readSequenceNumbers(new DatagramReader(writer.toByteArray()));
    }

    private static void writeSession(DatagramWriter writer, SaSpec spec) {
        int start = SerializationUtil.writeStartItem(writer, SESSION_VERSION, Short.SIZE);
        writer.writeLong(0, Long.SIZE); // time of creation
        writer.write(0, Byte.SIZE); // no server names
        writer.write(NO_RECORD_SIZE_LIMIT, Short.SIZE);
        writer.write(NO_FRAGMENT_LIMIT, Short.SIZE);
        writer.writeVarBytes(new byte[0], Byte.SIZE); // session identifier
        writer.write(spec.suite().code(), Short.SIZE);
        writer.write(CompressionMethod.NULL.getCode(), Byte.SIZE);
        writer.write(CertificateType.X_509.getCode(), Byte.SIZE);
        writer.write(CertificateType.X_509.getCode(), Byte.SIZE);
        writer.write(1, Byte.SIZE); // secure renegotiation
        writer.write(1, Byte.SIZE); // extended master secret
        writeKey(writer, new byte[MASTER_SECRET_LENGTH], "MAC");
        writer.write(0, Byte.SIZE); // no signature algorithm
        writer.write(0, Byte.SIZE); // no group
        writer.write(0, Byte.SIZE); // no peer identity
        SerializationUtil.writeFinishedItem(writer, start, Short.SIZE);
    }

    private static void writeState(DatagramWriter writer, SaSpec spec) {
        writeKey(writer, spec.key(), "AES");
        writer.writeVarBytes(spec.iv(), Byte.SIZE);
    }

    private static void writeKey(DatagramWriter writer, byte[] key, String algorithm) {
        writer.writeVarBytes(key, Byte.SIZE);
        writer.writeVarBytes(algorithm.getBytes(StandardCharsets.UTF_8), Byte.SIZE);
    }

    private static void writeFreshNumbers(DatagramWriter writer) {
        int start = SerializationUtil.writeStartItem(writer, SEQUENCE_VERSION, Byte.SIZE);
        writer.writeLong(0, 48); // next to send
        writer.writeLong(0, 48); // lower edge of the window
        writer.writeLong(0, 64); // nothing received
        writer.writeLong(0, 64); // no MAC errors
        SerializationUtil.writeFinishedItem(writer, start, Byte.SIZE);
    }
}
