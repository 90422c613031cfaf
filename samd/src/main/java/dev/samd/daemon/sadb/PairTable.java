// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The pairs that live, by id and by the names that principals gave them. Confined to its database's thread. */
final class PairTable {
    private final Map<PairId, Pair> byId = new HashMap<>();
    private final Map<PairName, Pair> byName = new HashMap<>();
    private final SaTable table;

    PairTable(SaTable table) {
        this.table = table;
    }

    /**
     * The pair of a name that an SA may join, or null if it would be the first of it.
     *
     * @throws SaException {@link SaError#SA_EXISTS} for a third member, {@link SaError#WRONG_CONTENT} or
     *     {@link SaError#MALFORMED} for one that does not fit the other
     */
    @Nullable
    Pair joinable(String principal, String name, SaParameters parameters) {
        Pair pair = byName.get(new PairName(principal, name));
        if (pair == null) {
            return null;
        }
        SaId same = pair.member(parameters.direction());
        if (same != null) {
            throw new SaException(
                    SaError.SA_EXISTS,
                    name,
                    "pair \"" + name + "\" already has SA " + same + " as its " + parameters.direction() + " one");
        }
        SaId other = pair.member(opposite(parameters.direction()));
        SadbEntry entry = other == null ? null : table.find(other);
        if (entry == null) {
            throw new IllegalStateException("pair " + pair.id() + " is listed without a member");
        }
        requireAlike(entry.installedParameters(), parameters);
        return pair;
    }

    /** Refuses two SAs that cannot be one pair. */
    static void requireAlike(SaParameters one, SaParameters other) {
        if (one.content() != other.content() || one.form() != other.form()) {
            throw new SaException(
                    SaError.WRONG_CONTENT,
                    other.content() + "/" + other.form(),
                    "a pair has one content and form: " + one.content() + "/" + one.form() + " is not "
                            + other.content() + "/" + other.form());
        }
        if (!one.identity().equals(other.identity())) {
            throw new SaException(
                    SaError.MALFORMED,
                    other.identity().toString(),
                    "a pair has one peer identity: " + one.identity() + " is not " + other.identity());
        }
        if (!one.local().equals(other.local())) {
            throw new SaException(
                    SaError.MALFORMED,
                    other.local().toString(),
                    "a pair has one local endpoint: \"" + one.local() + "\" is not \"" + other.local() + "\"");
        }
    }

    /**
     * The pair that a new one may supersede: alive, of the same peer identity and local endpoint.
     *
     * @throws SaException {@link SaError#NO_SUCH_SA} or {@link SaError#MALFORMED}
     */
    @Nullable
    Pair supersedable(PairId id, SaParameters successor, SadbCaller caller) {
        if (id.isNone()) {
            return null;
        }
        Pair pair = byId.get(id);
        List<SadbEntry> members = pair == null ? List.of() : members(pair);
        if (pair == null || members.isEmpty() || !members.stream().allMatch(caller::sees)) {
            throw new SaException(SaError.NO_SUCH_SA, id.toString(), "there is no pair " + id + " to supersede");
        }
        if (!members.stream().allMatch(caller::mayEnd)) {
            throw new SaException(
                    SaError.NOT_PERMITTED,
                    id.toString(),
                    "pair " + id + " belongs to " + members.get(0).owner() + ", not to " + caller.principal());
        }
        SaParameters old = members.get(0).installedParameters();
        if (!old.identity().equals(successor.identity()) || !old.local().equals(successor.local())) {
            throw new SaException(
                    SaError.MALFORMED,
                    id.toString(),
                    "pair " + id + " is of " + old.identity() + " at local \"" + old.local()
                            + "\" and cannot be superseded by one of " + successor.identity() + " at local \""
                            + successor.local() + "\"");
        }
        return pair;
    }

    /** The pair of an id while it lives. */
    @Nullable
    Pair find(PairId id) {
        return byId.get(id);
    }

    /** All that live. */
    Collection<Pair> all() {
        return byId.values();
    }

    /** The SAs of a pair that live, the inbound one first. */
    List<SadbEntry> members(Pair pair) {
        List<SadbEntry> members = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            SaId member = pair.member(direction);
            SadbEntry entry = member == null ? null : table.find(member);
            if (entry != null) {
                members.add(entry);
            }
        }
        return members;
    }

    /** Lists a pair that was kept, and that its SAs have yet to join. */
    Pair restore(PairImage image, KeyMaterial kmpPrivate, Lineage lineage) {
        List<Pair> predecessors = image.predecessors().stream()
                .map(byId::get)
                .filter(Objects::nonNull)
                .toList();
        Pair pair = new Pair(image, predecessors, lineage, kmpPrivate);
        byId.put(image.id(), pair);
        return pair;
    }

    /** An SA that was kept joins its pair again. */
    SadbEntry rejoin(Pair pair, SadbEntry entry) {
        if (!pair.name().isEmpty()) {
            byName.put(new PairName(entry.owner(), pair.name()), pair);
        }
        return join(pair, entry);
    }

    /** Forgets a pair that no SA has joined. */
    void forget(Pair pair) {
        pair.kmpPrivate().close();
        byId.remove(pair.id());
    }

    /** Lists a new pair of a name. */
    Pair create(PairId id, String principal, String name) {
        Pair pair = new Pair(id, name);
        byId.put(id, pair);
        byName.put(new PairName(principal, name), pair);
        return pair;
    }

    /** Lists a new pair of a negotiation. */
    Pair create(PairId id, InstallPair request, @Nullable Pair superseded) {
        Pair pair = new Pair(id, request, superseded);
        byId.put(id, pair);
        return pair;
    }

    /** Makes an SA a member, and tells its partner. */
    SadbEntry join(Pair pair, SadbEntry entry) {
        pair.join(entry.direction(), entry.id());
        SaId other = pair.member(opposite(entry.direction()));
        SadbEntry partner = other == null ? null : table.find(other);
        if (partner != null) {
            table.replace(partner.withPartner(entry.id()));
        }
        return entry.inPair(pair).withPartner(partner == null ? null : partner.id());
    }

    /** An SA has ended: its partner is alone, and a pair without members is listed no more. */
    void leave(SadbEntry entry) {
        Pair pair = entry.pair();
        if (pair == null) {
            return;
        }
        pair.leave();
        entry.partner().map(table::find).ifPresent(partner -> table.replace(partner.withPartner(null)));
        if (!pair.isAlive()) {
            pair.kmpPrivate().close();
            byId.remove(pair.id());
            byName.remove(new PairName(entry.owner(), pair.name()));
        }
    }

    private static Direction opposite(Direction direction) {
        return direction == Direction.INBOUND ? Direction.OUTBOUND : Direction.INBOUND;
    }

    private record PairName(String principal, String name) {}
}
