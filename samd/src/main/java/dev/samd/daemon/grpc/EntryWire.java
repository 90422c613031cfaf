// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.sadb.Cursor;
import dev.samd.daemon.sadb.SaFilter;
import dev.samd.daemon.sadb.SaSelector;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaState;
import dev.samd.sa.Usage;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SaParameters;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import java.time.Instant;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Entries, names and filters of the database as messages. */
final class EntryWire {
    private EntryWire() {}

    static SaEntry toWire(SadbEntry entry, Usage usage, LongFunction<Instant> wallTime) {
        SaEntry.Builder wire = SaEntry.newBuilder()
                .setSaId(entry.id().value())
                .setRevision(entry.revision())
                .setState(SaWire.STATE.toWire(entry.state()))
                .setParameters(entry.parameters().map(SaWire::toWire).orElseGet(() -> reserved(entry)))
                .setPairId(entry.pairId().value())
                .setPairName(entry.pairName())
                .setSupersedes(entry.supersedes().value())
                .addAllScope(entry.scope().stream().map(Endpoint::uri).sorted().toList())
                .setResponseOnly(entry.parameters().isPresent() && entry.scope().isEmpty())
                .setUsage(SaWire.toWire(usage, wallTime))
                .setAdded(FieldWire.timestamp(entry.added()))
                .setOwner(entry.owner())
                .setUnconfirmed(entry.unconfirmed())
                .setSuspended(entry.suspended())
                .setAcquireSequence((int) entry.acquireSequence());
        entry.role().ifPresent(role -> wire.setRole(SaWire.PAIR_ROLE.toWire(role)));
        entry.expires().ifPresent(expires -> wire.setExpires(FieldWire.timestamp(expires)));
        entry.partner().ifPresent(partner -> wire.setPartnerSaId(partner.value()));
        return wire.build();
    }

    private static SaParameters reserved(SadbEntry entry) {
        return SaParameters.newBuilder()
                .setDirection(SaWire.DIRECTION.toWire(entry.direction()))
                .setSpi(FieldWire.octets(entry.spi().octets()))
                .setPeer(entry.peer().uri())
                .setLocal(entry.local().uri())
                .build();
    }

    static dev.samd.v1.Cursor toWire(Cursor cursor) {
        return dev.samd.v1.Cursor.newBuilder()
                .setIncarnation(cursor.incarnation())
                .setRevision(cursor.revision())
                .build();
    }

    static SaSelector fromWire(dev.samd.v1.SaSelector wire) {
        return switch (wire.getNameCase()) {
            case SA_ID -> new SaSelector.ById(FieldWire.saId("sa_id", wire.getSaId()));
            case INBOUND_SPI -> new SaSelector.Inbound(FieldWire.spi("inbound_spi", wire.getInboundSpi()));
            case OUTBOUND ->
                new SaSelector.Outbound(
                        FieldWire.peer("outbound.peer", wire.getOutbound().getPeer()),
                        FieldWire.spi("outbound.spi", wire.getOutbound().getSpi()));
            case NAME_NOT_SET ->
                throw new SaException(
                        SaError.MALFORMED, "sa", "sa is missing: say sa_id, inbound_spi, or outbound peer and spi");
        };
    }

    static SaFilter fromWire(dev.samd.v1.SaFilter wire) {
        @Nullable Endpoint peer = wire.getPeer().isEmpty() ? null : FieldWire.peer("peer", wire.getPeer());
        @Nullable
        Direction direction =
                wire.getDirectionValue() == 0 ? null : SaWire.DIRECTION.fromWire("direction", wire.getDirectionValue());
        @Nullable
        SaState state = wire.getStateValue() == 0 ? null : SaWire.STATE.fromWire("state", wire.getStateValue());
        @Nullable Endpoint local = wire.getLocal().isEmpty() ? null : FieldWire.endpoint("local", wire.getLocal());
        return new SaFilter(peer, direction, state, local);
    }
}
