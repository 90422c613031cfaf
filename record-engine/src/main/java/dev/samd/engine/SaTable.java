// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.record.RecordView;
import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a record or a target finds its SA. Changed by the SADB side alone, read by any thread without a lock.
 *
 * <p>Inbound by connection ID: SPIs are prefix-free, so at most one of them begins the octets behind the sequence number.
 * Outbound by target: the newest first.
 */
final class SaTable {
    private final CidIndex byConnectionId = new CidIndex();
    private final IdIndex byId = new IdIndex();
    private final ConcurrentHashMap<Endpoint, List<OutboundSa>> byTarget = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Parties, InboundSa> byParties = new ConcurrentHashMap<>();
    private final PartnerIndex<InboundSa> inboundByPartner = new PartnerIndex<>();
    private final PartnerIndex<OutboundSa> outboundByPartner = new PartnerIndex<>();
    private final ConcurrentHashMap<PairId, Pair> pairs = new ConcurrentHashMap<>();
    private long installations;

    /** The two ends of an SA without connection ID. */
    private record Parties(Endpoint local, Endpoint peer) {}

    /** The inbound SA that a record is for, or null: by connection ID, or by the two ends where it carries none. */
    @Nullable
    InboundSa of(RecordView record, Endpoint local, Endpoint peer) {
        return switch (record.kind()) {
            case CONNECTION_ID ->
                byConnectionId(record.buffer(), record.afterSequence(), record.end() - record.afterSequence());
            case PLAIN -> byParties(local, peer);
            case DTLS13, UNKNOWN -> null;
        };
    }

    /** Whether an SA may be used at a local endpoint. */
    static boolean serves(SaParameters parameters, Endpoint local) {
        return parameters.local().isHostWide() || parameters.local().equals(local);
    }

    /** The inbound SA whose SPI begins the given octets, or null. */
    @Nullable
    InboundSa byConnectionId(byte[] octets, int offset, int length) {
        return byConnectionId.find(octets, offset, length);
    }

    /** The inbound SA without connection ID between two ends, or null. */
    @Nullable
    InboundSa byParties(Endpoint local, Endpoint peer) {
        InboundSa exact = byParties.get(new Parties(local, peer));
        return exact != null || local.isHostWide() ? exact : byParties.get(new Parties(Endpoint.HOST_WIDE, peer));
    }

    /** The SAs for requests to a target, newest first. */
    List<OutboundSa> byTarget(Endpoint target) {
        return byTarget.getOrDefault(target, List.of());
    }

    /** The newest inbound SA of the same local endpoint and identity as an outbound SA without a pair, or null. */
    @Nullable
    InboundSa partnerOf(OutboundSa sa) {
        return inboundByPartner.newest(sa.parameters);
    }

    /** The newest outbound SA of the same local endpoint and identity as an inbound SA without a pair, or null. */
    @Nullable
    OutboundSa partnerOf(InboundSa sa) {
        return outboundByPartner.newest(sa.parameters);
    }

    @Nullable
    InboundSa inbound(SaId id) {
        return byId.find(id) instanceof InboundSa sa ? sa : null;
    }

    @Nullable
    OutboundSa outbound(SaId id) {
        return byId.find(id) instanceof OutboundSa sa ? sa : null;
    }

    @Nullable
    Pair pair(PairId id) {
        return pairs.get(id);
    }

    /** The pair of that name, made if it is new; null for {@link PairId#NONE}. */
    @Nullable
    Pair pairFor(PairId id, PairId supersedes, Confirmation confirmation) {
        if (id.isNone()) {
            return null;
        }
        Pair known = pairs.get(id);
        if (known != null) {
            return known;
        }
        Pair pair = new Pair(id, confirmation);
        pairs.put(id, pair);
        supersede(supersedes, pair);
        return pair;
    }

    /** A pair takes the place of another one. What nobody can answer for any more is forgotten. */
    void supersede(PairId replaced, Pair by) {
        Pair earlier = replaced.isNone() ? null : pairs.get(replaced);
        if (earlier != null && earlier != by && !by.supersedes(earlier) && !earlier.supersedes(by)) {
            by.replace(earlier);
            by.endOfChain().forEach(last -> last.forgetReplaced().forEach(this::forgetAbandoned));
        }
    }

    void add(InboundSa sa) {
        byId.add(sa);
        if (sa.parameters.connectionId()) {
            byConnectionId.add(sa);
        } else {
            byParties.put(new Parties(sa.parameters.local(), sa.parameters.peer()), sa);
        }
        if (sa.pair != null) {
            sa.pair.inbound = sa;
        } else {
            inboundByPartner.add(sa);
        }
    }

    void add(OutboundSa sa) {
        sa.installed = ++installations;
        byId.add(sa);
        for (Endpoint target : sa.scope) {
            prepend(byTarget, target, sa);
        }
        if (sa.pair != null) {
            sa.pair.outbound = sa;
        } else {
            outboundByPartner.add(sa);
        }
    }

    /** Gives an outbound SA another scope, in its place by age among the SAs to each target. */
    void rescope(OutboundSa sa, Set<Endpoint> scope) {
        Set<Endpoint> before = sa.scope;
        sa.scope = scope;
        for (Endpoint target : scope) {
            if (!before.contains(target)) {
                insert(byTarget, target, sa);
            }
        }
        for (Endpoint target : before) {
            if (!scope.contains(target)) {
                drop(byTarget, target, sa);
            }
        }
    }

    private static void insert(ConcurrentHashMap<Endpoint, List<OutboundSa>> lists, Endpoint target, OutboundSa sa) {
        lists.compute(target, (k, now) -> {
            List<OutboundSa> longer = new ArrayList<>(now == null ? List.of() : now);
            longer.add(sa);
            longer.sort(Comparator.comparingLong((OutboundSa each) -> each.installed)
                    .reversed());
            return List.copyOf(longer);
        });
    }

    void remove(InboundSa sa) {
        byId.remove(sa);
        if (sa.parameters.connectionId()) {
            byConnectionId.remove(sa);
        } else {
            byParties.remove(new Parties(sa.parameters.local(), sa.parameters.peer()), sa);
        }
        if (sa.pair != null) {
            sa.pair.inbound = null;
            forgetAbandoned(sa.pair);
        } else {
            inboundByPartner.remove(sa);
        }
    }

    void remove(OutboundSa sa) {
        byId.remove(sa);
        for (Endpoint target : sa.scope) {
            drop(byTarget, target, sa);
        }
        if (sa.pair != null) {
            sa.pair.outbound = null;
            forgetAbandoned(sa.pair);
        } else {
            outboundByPartner.remove(sa);
        }
    }

    /** A pair without SAs and without a successor ends, and so do those before it that stayed for it alone. */
    private void forgetAbandoned(Pair last) {
        Deque<Pair> perhaps = new ArrayDeque<>(List.of(last));
        for (Pair pair = perhaps.poll(); pair != null; pair = perhaps.poll()) {
            if (pair.isAbandoned()) {
                pairs.remove(pair.id);
                perhaps.addAll(pair.forgetReplaced());
            }
        }
    }

    private static <K, T> void prepend(ConcurrentHashMap<K, List<T>> lists, K key, T entry) {
        lists.compute(key, (k, now) -> {
            List<T> longer = new ArrayList<>();
            longer.add(entry);
            if (now != null) {
                longer.addAll(now);
            }
            return List.copyOf(longer);
        });
    }

    private static <K, T> void drop(ConcurrentHashMap<K, List<T>> lists, K key, T entry) {
        lists.computeIfPresent(key, (k, now) -> {
            List<T> rest = now.stream().filter(one -> one != entry).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    /** Inbound SAs by SPI. */
    private static final class CidIndex extends HashIndex<InboundSa> {
        private static final int MAX_LENGTH = Spi.MAX_LENGTH;

        private final int[] ofLength = new int[MAX_LENGTH + 1];
        /** Bit n: SPIs of n octets are in the index. */
        private volatile int lengths;

        @Override
        int hashOf(InboundSa entry) {
            byte[] spi = entry.parameters.spi().octets().toArray();
            return hash(spi, 0, spi.length);
        }

        private static int hash(byte[] octets, int offset, int length) {
            int hash = length;
            for (int i = 0; i < length; i++) {
                hash = hash * 31 + octets[offset + i];
            }
            return hash;
        }

        @Override
        void add(InboundSa entry) {
            int length = entry.parameters.spi().length();
            super.add(entry);
            if (ofLength[length]++ == 0) {
                lengths |= 1 << length;
            }
        }

        @Override
        void remove(InboundSa entry) {
            int length = entry.parameters.spi().length();
            super.remove(entry);
            if (--ofLength[length] == 0) {
                lengths &= ~(1 << length);
            }
        }

        @Nullable
        InboundSa find(byte[] octets, int offset, int available) {
            for (int rest = lengths; rest != 0; rest &= rest - 1) {
                int length = Integer.numberOfTrailingZeros(rest);
                if (length > available) {
                    return null;
                }
                @Nullable Object[] slots = slots();
                int slot = home(slots, hash(octets, offset, length));
                for (Object found = at(slots, slot); found != null; found = at(slots, slot)) {
                    if (found instanceof InboundSa sa
                            && sa.parameters.spi().length() == length
                            && sa.parameters.spi().octets().isPrefixOf(octets, offset, length)) {
                        return sa;
                    }
                    slot = next(slots, slot);
                }
            }
            return null;
        }
    }

    /** All SAs by the daemon's name. */
    private static final class IdIndex extends HashIndex<InstalledSa> {
        @Override
        int hashOf(InstalledSa entry) {
            return Long.hashCode(entry.id.value());
        }

        @Nullable
        InstalledSa find(SaId id) {
            @Nullable Object[] slots = slots();
            int slot = home(slots, Long.hashCode(id.value()));
            for (Object found = at(slots, slot); found != null; found = at(slots, slot)) {
                if (found instanceof InstalledSa sa && sa.id.value() == id.value()) {
                    return sa;
                }
                slot = next(slots, slot);
            }
            return null;
        }
    }
}
