// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.security.GeneralSecurityException;
import java.util.List;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.ApplicationMessage;
import org.eclipse.californium.scandium.dtls.ConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.ContentType;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.DTLSMessage;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.SingleNodeConnectionIdGenerator;

/** Scandium's record layer, as its connector uses it, without connection look-up and without socket. */
final class ScandiumRecords implements RecordSubject {
    private static final int NO_EXTENDED_WINDOW = 0;

    private final boolean connectionId;
    private final ConnectionIdGenerator connectionIds;
    private final DTLSContext context;
    /** Time is an argument; what it costs to read a clock is not measured here. */
    private long now = 1;

    ScandiumRecords(SaSpec spec) {
        connectionId = spec.connectionId();
        connectionIds = new SingleNodeConnectionIdGenerator(spec.spi().length());
        context = ScandiumContexts.of(spec);
    }

    @Override
    public byte[] seal(byte[] plaintext) {
        try {
            ApplicationMessage message = new ApplicationMessage(plaintext);
            return new Record(ContentType.APPLICATION_DATA, SaSpec.EPOCH, message, context, connectionId, 0)
                    .toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    @Override
    public byte[] open(byte[] octets) {
        List<Record> records = Record.fromReader(new DatagramReader(octets), connectionIds, now++);
        if (records.size() != 1) {
            throw new IllegalStateException(octets.length + " octets hold " + records.size() + " records");
        }
        Record record = records.get(0);
        if (!context.isRecordProcessable(record.getEpoch(), record.getSequenceNumber(), NO_EXTENDED_WINDOW)) {
            throw new IllegalStateException("number " + record.getSequenceNumber() + " was accepted before");
        }
        try {
            record.decodeFragment(context.getReadState());
        } catch (GeneralSecurityException | HandshakeException e) {
            throw new IllegalStateException("record does not verify", e);
        }
        context.markRecordAsRead(record.getEpoch(), record.getSequenceNumber());
        DTLSMessage fragment = record.getFragment();
        if (fragment instanceof ApplicationMessage message) {
            return message.getData();
        }
        throw new IllegalStateException("record of type " + record.getType());
    }

    @Override
    public void restart() {
        ScandiumContexts.restart(context);
    }
}
