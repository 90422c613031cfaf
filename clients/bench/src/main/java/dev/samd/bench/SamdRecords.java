// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.engine.Installation;
import dev.samd.record.OpenResult;
import dev.samd.record.Opener;
import dev.samd.record.RecordView;
import dev.samd.record.SealResult;
import dev.samd.record.Sealer;
import dev.samd.record.WearListener;
import dev.samd.sa.Direction;
import dev.samd.sa.PairId;

/** The record layer alone: one sealer, one opener, nobody looks for them. */
final class SamdRecords implements RecordSubject {
    private static final String SOURCE = "192.0.2.1:5683";

    private final SaSpec spec;
    private Sealer sealer;
    private Opener opener;
    /** Time is an argument; what it costs to read a clock is not measured here. */
    private long now = 1;

    SamdRecords(SaSpec spec) {
        this.spec = spec;
        sealer = sealer(spec);
        opener = opener(spec);
    }

    private static Sealer sealer(SaSpec spec) {
        return new Sealer(spec.end(Direction.OUTBOUND, 1, PairId.NONE), Installation.NO_MARK, WearListener.NONE);
    }

    private static Opener opener(SaSpec spec) {
        return new Opener(spec.end(Direction.INBOUND, 2, PairId.NONE), Installation.NO_MARK, WearListener.NONE);
    }

    @Override
    public byte[] seal(byte[] plaintext) {
        SealResult result = sealer.seal(plaintext, 0, 0, now++);
        if (result instanceof SealResult.Sealed sealed) {
            return sealed.octets();
        }
        throw new IllegalStateException("sealing gave " + result);
    }

    @Override
    public byte[] open(byte[] record) {
        OpenResult result = opener.open(new RecordView(record), SOURCE, now++);
        if (result instanceof OpenResult.Opened opened) {
            return opened.plaintext();
        }
        throw new IllegalStateException("opening gave " + result);
    }

    @Override
    public void restart() {
        sealer.close();
        opener.close();
        sealer = sealer(spec);
        opener = opener(spec);
    }
}
