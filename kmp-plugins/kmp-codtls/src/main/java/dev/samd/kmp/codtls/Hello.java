// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.Octets;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.elements.util.ClockUtil;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.ClientHello;
import org.eclipse.californium.scandium.dtls.ContentType;
import org.eclipse.californium.scandium.dtls.DTLSConnectionState;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HelloVerifyRequest;
import org.eclipse.californium.scandium.dtls.ProtocolVersion;
import org.eclipse.californium.scandium.dtls.Record;

/**
 * The first flight of a client: one record with a whole ClientHello.
 *
 * @param record the record, decoded
 * @param message what it carries
 */
record Hello(Record record, ClientHello message) {
    /** Empty for anything else. */
    static Optional<Hello> read(Octets flight) {
        try {
            List<Record> records =
                    Record.fromReader(new DatagramReader(flight.toArray()), null, ClockUtil.nanoRealtime());
            if (records.size() != 1
                    || records.get(0).getType() != ContentType.HANDSHAKE
                    || records.get(0).getEpoch() != 0
                    || records.get(0).size() != flight.length()) {
                return Optional.empty();
            }
            Record record = records.get(0);
            record.setAddress(DtlsEngine.PEER, null);
            record.decodeFragment(DTLSConnectionState.NULL);
            return record.getFragment() instanceof ClientHello hello
                    ? Optional.of(new Hello(record, hello))
                    : Optional.empty();
        } catch (HandshakeException | java.security.GeneralSecurityException | RuntimeException e) {
            // Whatever the parser says of octets that a stranger made.
            return Optional.empty();
        }
    }

    /** The session that it asks for; empty for none. */
    Octets sessionId() {
        return message.hasSessionId() ? Octets.of(message.getSessionId().getBytes()) : Octets.EMPTY;
    }

    /** The record that demands a cookie. */
    Octets verifyRequest(Octets cookie) {
        HelloVerifyRequest request = new HelloVerifyRequest(ProtocolVersion.VERSION_DTLS_1_2, cookie.toArray());
        request.setMessageSeq(message.getMessageSeq());
        return Octets.of(
                new Record(ContentType.HANDSHAKE, ProtocolVersion.VERSION_DTLS_1_2, record.getSequenceNumber(), request)
                        .toByteArray());
    }
}
