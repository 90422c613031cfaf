// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Direction;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.v1.Usage;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Entries of the SA database as they come from the daemon. */
final class EntryWire {
    private EntryWire() {}

    /**
     * One entry.
     *
     * @throws SaException if the daemon sends what this version does not understand
     */
    static SaEntry entry(dev.samd.v1.SaEntry wire) {
        dev.samd.v1.SaParameters parameters = wire.getParameters();
        SaState state = SaWire.STATE.fromWire("state", wire.getStateValue());
        return new SaEntry(
                FieldWire.saId("sa_id", wire.getSaId()),
                wire.getRevision(),
                state,
                SaWire.DIRECTION.fromWire("direction", parameters.getDirectionValue(), Direction.INBOUND),
                FieldWire.spi("spi", parameters.getSpi()),
                FieldWire.endpoint("peer", parameters.getPeer()),
                FieldWire.endpoint("local", parameters.getLocal()),
                // An SA that died before it was completed has no more than a LARVAL one.
                parameters.getSuite() == 0 ? Optional.empty() : Optional.of(parameters(parameters)),
                new PairMembership(
                        pair(wire.getPairId()),
                        wire.getPairName(),
                        wire.getPartnerSaId() == 0
                                ? Optional.empty()
                                : Optional.of(FieldWire.saId("partner_sa_id", wire.getPartnerSaId())),
                        pair(wire.getSupersedes()),
                        SaWire.PAIR_ROLE.find(wire.getRoleValue())),
                flags(wire),
                endpoints(wire.getScopeList()),
                usage(wire.getUsage()),
                FieldWire.instant("added", wire.getAdded()),
                wire.hasExpires() ? Optional.of(FieldWire.instant("expires", wire.getExpires())) : Optional.empty(),
                wire.getOwner(),
                wire.getAcquireSequence());
    }

    static PairId pair(long wire) {
        return new PairId(FieldWire.unsigned(SaError.MALFORMED, "pair_id", wire));
    }

    static List<Endpoint> endpoints(List<String> wire) {
        return wire.stream().map(Endpoint::new).toList();
    }

    static List<SaId> ids(List<Long> wire) {
        return wire.stream().map(id -> FieldWire.saId("sa_ids", id)).toList();
    }

    private static SaParameters parameters(dev.samd.v1.SaParameters wire) {
        return SaWire.fromWire(wire);
    }

    private static Set<SaEntry.Flag> flags(dev.samd.v1.SaEntry wire) {
        Set<SaEntry.Flag> flags = EnumSet.noneOf(SaEntry.Flag.class);
        if (wire.getUnconfirmed()) {
            flags.add(SaEntry.Flag.UNCONFIRMED);
        }
        if (wire.getResponseOnly()) {
            flags.add(SaEntry.Flag.RESPONSE_ONLY);
        }
        if (wire.getSuspended()) {
            flags.add(SaEntry.Flag.SUSPENDED);
        }
        return flags;
    }

    private static SaUsage usage(Usage wire) {
        Map<DiscardReason, Long> discarded = new EnumMap<>(DiscardReason.class);
        for (DiscardReason reason : DiscardReason.values()) {
            long count = wire.getDiscardedOrDefault(reason.name(), 0);
            if (count != 0) {
                discarded.put(reason, count);
            }
        }
        return new SaUsage(
                wire.getRecords(),
                wire.getOctets(),
                wire.getFailedOpenings(),
                wire.getNextSequence(),
                discarded,
                time("first_used", wire.hasFirstUsed(), wire.getFirstUsed()),
                time("last_used", wire.hasLastUsed(), wire.getLastUsed()));
    }

    private static Optional<Instant> time(String field, boolean present, com.google.protobuf.Timestamp wire) {
        return present ? Optional.of(FieldWire.instant(field, wire)) : Optional.empty();
    }
}
