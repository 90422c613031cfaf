// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.Rights;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.RecordServiceOpenRequest;
import dev.samd.v1.RecordServiceOpenResponse;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.RecordServiceSealResponse;
import dev.samd.v1.RecordServiceUnprotectRequest;
import dev.samd.v1.RecordServiceUnprotectResponse;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import java.time.Duration;
import java.util.Optional;

/** Items of the record stream: to the daemon, and back. */
final class RecordWire {
    private static final long MAX_WAIT_MILLIS = (1L << 32) - 1;

    private RecordWire() {}

    static RecordServiceProtectRequest toWire(ProtectRequest request) {
        return RecordServiceProtectRequest.newBuilder()
                .setCoap(FieldWire.octets(request.coap()))
                .setLocal(request.local().uri())
                .setDefaultTarget(request.defaultTarget().uri())
                .setInReplyTo(FieldWire.octets(request.inReplyTo()))
                .setVia(request.via())
                .setWaitMs(waitMillis(request.patience()))
                .build();
    }

    static RecordServiceUnprotectRequest toWire(UnprotectRequest request) {
        return RecordServiceUnprotectRequest.newBuilder()
                .setCoap(FieldWire.octets(request.coap()))
                .setLocal(request.local().uri())
                .setSource(request.source())
                .setInReplyTo(FieldWire.octets(request.inReplyTo()))
                .setPeer(request.peer().uri())
                .setWaitMs(waitMillis(request.patience()))
                .build();
    }

    static RecordServiceSealRequest toWire(SealRequest request) {
        if (request.padding() < 0) {
            throw new SaException(
                    SaError.MALFORMED,
                    Integer.toString(request.padding()),
                    "padding is " + request.padding() + ", below 0");
        }
        return RecordServiceSealRequest.newBuilder()
                .setSa(SelectorWire.toWire(request.sa()))
                .setPlaintext(FieldWire.octets(request.plaintext()))
                .setPadding(request.padding())
                .setLocal(request.local().uri())
                .setWaitMs(waitMillis(request.patience()))
                .build();
    }

    static RecordServiceOpenRequest toWire(OpenRequest request) {
        return RecordServiceOpenRequest.newBuilder()
                .setRecord(FieldWire.octets(request.record()))
                .setLocal(request.local().uri())
                .setSource(request.source())
                .setPeer(request.peer().uri())
                .setWaitMs(waitMillis(request.patience()))
                .build();
    }

    static ProtectOutcome outcome(RecordServiceProtectResponse wire) {
        if (wire.getBypassed()) {
            return new Bypassed(FieldWire.octets(wire.getCoap()));
        }
        return new ProtectedMessage(
                FieldWire.octets(wire.getCoap()),
                FieldWire.octets(wire.getReference()),
                FieldWire.saId("sa_id", wire.getSaId()),
                FieldWire.spi("spi", wire.getSpi()),
                new Endpoint(wire.getPeer()),
                SaWire.fromWire(wire.getIdentity()));
    }

    static SealedRecord sealedRecord(RecordServiceSealResponse wire) {
        return new SealedRecord(
                FieldWire.octets(wire.getRecord()),
                FieldWire.saId("sa_id", wire.getSaId()),
                FieldWire.spi("spi", wire.getSpi()),
                new Endpoint(wire.getPeer()),
                SaWire.fromWire(wire.getIdentity()),
                wire.getEpoch(),
                wire.getSequence());
    }

    static UnprotectOutcome outcome(RecordServiceUnprotectResponse wire) {
        return switch (wire.getOutcomeCase()) {
            case OPENED ->
                opened(wire.getOpened(), FieldWire.octets(wire.getOpened().getCoap()));
            case DISCARDED -> discarded(wire.getDiscarded());
            case BYPASSED -> new Bypassed(FieldWire.octets(wire.getBypassed().getCoap()));
            case CHALLENGED ->
                new Challenged(FieldWire.octets(wire.getChallenged().getCoap()));
            case OUTCOME_NOT_SET -> throw new SaException(SaError.MALFORMED, "", "outcome is missing");
        };
    }

    static UnprotectOutcome outcome(RecordServiceOpenResponse wire) {
        return switch (wire.getOutcomeCase()) {
            case OPENED ->
                opened(wire.getOpened(), FieldWire.octets(wire.getOpened().getPlaintext()));
            case DISCARDED -> discarded(wire.getDiscarded());
            case OUTCOME_NOT_SET -> throw new SaException(SaError.MALFORMED, "", "outcome is missing");
        };
    }

    private static Opened opened(dev.samd.v1.Opened wire, Octets octets) {
        return new Opened(
                octets,
                FieldWire.octets(wire.getReference()),
                wire.getObserveOrder(),
                new Opened.Sender(
                        FieldWire.saId("sa_id", wire.getSaId()),
                        FieldWire.spi("spi", wire.getSpi()),
                        EntryWire.pair(wire.getPairId()),
                        new Endpoint(wire.getPeer()),
                        SaWire.fromWire(wire.getIdentity()),
                        EntryWire.endpoints(wire.getScopeList()),
                        wire.hasRights() ? SaWire.fromWire(wire.getRights()) : Rights.NONE));
    }

    private static Discarded discarded(dev.samd.v1.Discarded wire) {
        DiscardReason reason = SaWire.DISCARD_REASON.fromWire("reason", wire.getReasonValue());
        return new Discarded(
                reason,
                wire.getSaId() == 0 ? Optional.empty() : Optional.of(FieldWire.saId("sa_id", wire.getSaId())),
                wire.getTellNetwork());
    }

    private static int waitMillis(Duration patience) {
        long millis = patience.toMillis();
        if (millis < 0 || millis > MAX_WAIT_MILLIS) {
            throw new SaException(
                    SaError.MALFORMED, patience.toString(), "patience is " + patience + "; 0 to 2^32-1 ms expected");
        }
        // A wait of less than a millisecond is still no default.
        return millis == 0 && !patience.isZero() ? 1 : (int) millis;
    }
}
