// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.engine.OpenCall;
import dev.samd.engine.OpenedRecord;
import dev.samd.engine.SealCall;
import dev.samd.engine.SealedRecord;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;

/**
 * Records through the engine: the SA is looked up each time, to seal by its id, to open by the connection ID in the record, or
 * by the peer where there is none.
 */
final class EngineRecords implements RecordSubject {
    private final EnginePair engines = new EnginePair();
    private final SaSpec spec;
    /** Says whom a record without connection ID is from. */
    private final Endpoint peer;

    private SaId id;
    /** Time is an argument; what it costs to read a clock is not measured here. */
    private long now = 1;

    EngineRecords(SaSpec spec) {
        this.spec = spec;
        peer = spec.connectionId() ? Endpoint.HOST_WIDE : spec.peer();
        id = engines.install(spec);
    }

    @Override
    public byte[] seal(byte[] plaintext) {
        Object result = engines.sender.seal(new SealCall(id, Endpoint.HOST_WIDE, plaintext, 0), now++);
        if (result instanceof SealedRecord sealed) {
            return sealed.octets();
        }
        throw new IllegalStateException("sealing gave " + result);
    }

    @Override
    public byte[] open(byte[] record) {
        OpenCall call = new OpenCall(record, Endpoint.HOST_WIDE, EnginePair.SOURCE, peer);
        Object result = engines.receiver.open(call, now++);
        if (result instanceof OpenedRecord opened) {
            return opened.plaintext();
        }
        throw new IllegalStateException("opening gave " + result);
    }

    @Override
    public void restart() {
        engines.retire(id);
        id = engines.install(spec);
    }
}
