// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.engine.OpenCall;
import dev.samd.engine.OpenedRecord;
import dev.samd.engine.SealCall;
import dev.samd.engine.SealedRecord;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;

/** Records through the engine: the SA is looked up each time, by its id and by the connection ID in the record. */
final class EngineRecords implements RecordSubject {
    private final EnginePair engines = new EnginePair();
    private final SaSpec spec;
    private SaId id;

    EngineRecords(SaSpec spec) {
        this.spec = spec;
        id = engines.install(spec);
    }

    @Override
    public byte[] seal(byte[] plaintext) {
        Object result = engines.sender.seal(new SealCall(id, Endpoint.HOST_WIDE, plaintext, 0), System.nanoTime());
        if (result instanceof SealedRecord sealed) {
            return sealed.octets();
        }
        throw new IllegalStateException("sealing gave " + result);
    }

    @Override
    public byte[] open(byte[] record) {
        OpenCall call = new OpenCall(record, Endpoint.HOST_WIDE, EnginePair.SOURCE, Endpoint.HOST_WIDE);
        Object result = engines.receiver.open(call, System.nanoTime());
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
