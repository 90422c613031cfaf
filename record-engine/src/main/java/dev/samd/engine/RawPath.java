// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.record.ContentType;
import dev.samd.record.RecordView;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import java.util.Optional;

/** Records of RAW SAs: octets in and out, without a look at them. */
final class RawPath {
    private final SaTable table;
    private final EngineListener listener;

    RawPath(SaTable table, EngineListener listener) {
        this.table = table;
        this.listener = listener;
    }

    SealResult seal(SealCall call, long nowNanos) {
        OutboundSa sa = table.outbound(call.sa());
        if (sa == null || !call.rights().mayUse(Direction.OUTBOUND, sa.parameters.local())) {
            throw new SaException(
                    SaError.NO_SUCH_SA, call.sa().toString(), "no outbound SA " + call.sa() + " is in use");
        }
        if (!SaTable.serves(sa.parameters, call.local())) {
            throw new SaException(
                    SaError.NO_SUCH_SA,
                    call.sa().toString(),
                    "outbound SA " + call.sa() + " is not of local endpoint \"" + call.local() + "\"");
        }
        if (sa.parameters.content() != Content.RAW) {
            throw new SaException(
                    SaError.WRONG_CONTENT,
                    sa.parameters.content().name(),
                    "SA " + call.sa() + " carries " + sa.parameters.content() + "; Seal is for RAW");
        }
        if (sa.suspended) {
            throw new SaException(
                    SaError.SUSPENDED,
                    call.sa().toString(),
                    "SA " + call.sa() + " is suspended: its numbers may have gone back");
        }
        dev.samd.record.SealResult result = sa.sealer.seal(call.plaintext(), call.padding(), 0, nowNanos);
        if (result instanceof dev.samd.record.SealResult.MustWait wait) {
            return new MustWait(sa.id, Direction.OUTBOUND, wait.mark() + 1);
        }
        if (result instanceof dev.samd.record.SealResult.Refused refused) {
            throw ProtectPath.refusal(refused, sa.parameters, (long) call.plaintext().length + call.padding());
        }
        dev.samd.record.SealResult.Sealed sealed = (dev.samd.record.SealResult.Sealed) result;
        SaParameters known = sa.parameters;
        return new SealedRecord(
                sealed.octets(), sa.id, known.spi(), known.peer(), known.identity(), sealed.epoch(), sealed.sequence());
    }

    OpenResult open(OpenCall call, long nowNanos) {
        RecordView record = new RecordView(call.octets(), 0, call.octets().length);
        InboundSa sa = table.of(record, call.local(), call.peer());
        // Before anything is counted on the SA: one that is not the caller's looks like one that does not exist.
        if (sa == null || !call.rights().mayUse(Direction.INBOUND, sa.parameters.local())) {
            boolean form = record.kind() == RecordView.Kind.CONNECTION_ID || record.kind() == RecordView.Kind.PLAIN;
            return Discarded.of(form ? DiscardReason.NO_SUCH_SA : DiscardReason.MALFORMED, Optional.empty(), false);
        }
        if (sa.parameters.content() != Content.RAW) {
            return discarded(DiscardReason.MALFORMED, sa);
        }
        if (!SaTable.serves(sa.parameters, call.local())) {
            return discarded(DiscardReason.WRONG_ENDPOINT, sa);
        }
        if (sa.suspended) {
            return discarded(DiscardReason.SUSPENDED, sa);
        }
        dev.samd.record.OpenResult result = sa.opener.open(record, call.source(), nowNanos);
        if (result instanceof dev.samd.record.OpenResult.MustWait wait) {
            return new MustWait(sa.id, Direction.INBOUND, wait.sequence() + 1);
        }
        if (result instanceof dev.samd.record.OpenResult.Discarded refused) {
            return Discarded.of(refused.reason(), Optional.of(sa.id), false);
        }
        dev.samd.record.OpenResult.Opened opened = (dev.samd.record.OpenResult.Opened) result;
        sa.proven(listener);
        SaParameters known = sa.parameters;
        return new OpenedRecord(
                opened.plaintext(),
                opened.contentType() == ContentType.ALERT,
                sa.id,
                known.spi(),
                sa.pair == null ? PairId.NONE : sa.pair.id,
                known.peer(),
                known.identity(),
                sa.scope,
                known.rights(),
                known.epoch(),
                opened.sequence());
    }

    private static Discarded discarded(DiscardReason reason, InboundSa sa) {
        sa.opener.countDiscarded(reason);
        return Discarded.of(reason, Optional.of(sa.id), false);
    }
}
