// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SAs that are not DEAD, by every name they have, and the deadlines of each. Ids only grow, so the order of insertion
 * is the order of ids. Confined to its database's thread.
 */
final class SaTable {
    private final EntryList entries = new EntryList();
    private final HashedRefs<SaId> outboundByPeer = new HashedRefs<>();
    private final HashedRefs<SaId> outboundByIdentity = new HashedRefs<>();
    private final HashedRefs<SaId> withoutConnectionId = new HashedRefs<>();
    private final SpiSet spis = new SpiSet();
    private final OwnerCounts owners = new OwnerCounts();
    private final LifetimeSchedule schedule = new LifetimeSchedule();

    SpiSet spis() {
        return spis;
    }

    OwnerCounts owners() {
        return owners;
    }

    int size() {
        return entries.size();
    }

    /** All entries, by id. */
    Collection<SadbEntry> all() {
        return entries;
    }

    @Nullable
    SadbEntry find(SaId id) {
        return entries.find(id);
    }

    /**
     * The one SA of a name among those that a caller sees.
     *
     * @throws SaException {@link SaError#NO_SUCH_SA} or {@link SaError#AMBIGUOUS_SA}
     */
    SadbEntry require(SaSelector selector, SadbCaller caller) {
        List<SaId> found = new ArrayList<>();
        for (SaId id : resolve(selector)) {
            SadbEntry entry = entries.find(id);
            if (entry != null && caller.sees(entry)) {
                found.add(id);
            } else if (entry != null) {
                caller.hidden(selector, entry);
            }
        }
        if (found.size() > 1) {
            String candidates = found.stream().map(SaId::toString).collect(Collectors.joining(", "));
            throw new SaException(
                    SaError.AMBIGUOUS_SA, candidates, selector + " names several SAs; name one by id: " + candidates);
        }
        SadbEntry entry = found.isEmpty() ? null : entries.find(found.get(0));
        if (entry == null) {
            throw new SaException(SaError.NO_SUCH_SA, selector.toString(), "there is no " + selector);
        }
        return entry;
    }

    private List<SaId> resolve(SaSelector selector) {
        if (selector instanceof SaSelector.ById byId) {
            return List.of(byId.id());
        }
        if (selector instanceof SaSelector.Inbound inbound) {
            return spis.find(inbound.spi()).map(List::of).orElse(List.of());
        }
        SaSelector.Outbound outbound = (SaSelector.Outbound) selector;
        List<SaId> found = outboundByPeer.findAll(Objects.hash(outbound.peer(), outbound.spi()), id -> {
            SaParameters parameters = parametersOf(id);
            return parameters.peer().equals(outbound.peer()) && parameters.spi().equals(outbound.spi());
        });
        found.sort(Comparator.comparingLong(SaId::value));
        return found;
    }

    /** Refuses an inbound SPI that is taken. */
    void requireFree(Spi spi) {
        Optional<Spi> conflict = spis.conflict(spi);
        if (conflict.isPresent()) {
            Spi other = conflict.get();
            String why = other.equals(spi)
                    ? "is taken, or was until a moment ago"
                    : "collides with SPI " + other + ", since one is a prefix of the other";
            throw new SaException(SaError.SPI_IN_USE, spi.toString(), "inbound SPI " + spi + " " + why);
        }
    }

    /**
     * Refuses an SA where another already stands in the place that only one can have. Which one that is, only those hear who
     * see it.
     */
    void requireUnique(SaParameters parameters, SadbCaller caller) {
        if (parameters.direction() == Direction.OUTBOUND) {
            SaId other = outboundByIdentity.find(byIdentity(parameters), id -> {
                SaParameters known = parametersOf(id);
                return known.spi().equals(parameters.spi()) && known.identity().equals(parameters.identity());
            });
            if (other != null) {
                throw new SaException(
                        SaError.SA_EXISTS,
                        parameters.spi().toString(),
                        "outbound SPI " + parameters.spi() + " of " + parameters.identity() + " is "
                                + shown(other, caller));
            }
        } else if (!parameters.connectionId()) {
            SaId other = withoutConnectionId.find(byRoute(parameters), id -> {
                SaParameters known = parametersOf(id);
                return known.local().equals(parameters.local()) && known.peer().equals(parameters.peer());
            });
            if (other != null) {
                throw new SaException(
                        SaError.SA_EXISTS,
                        parameters.peer().toString(),
                        "records without connection ID from " + parameters.peer() + " to local \"" + parameters.local()
                                + "\" already belong to " + shown(other, caller));
            }
        }
    }

    private String shown(SaId id, SadbCaller caller) {
        SadbEntry entry = entries.find(id);
        return entry == null || caller.sees(entry) ? "SA " + id : "another SA";
    }

    /** Enters an SA that is new, or LARVAL no more. */
    void enter(SadbEntry entry) {
        SadbEntry larval = entries.put(entry);
        if (larval != null) {
            owners.leave(larval);
        }
        owners.enter(entry);
        if (entry.direction() == Direction.INBOUND) {
            spis.take(entry.spi(), entry.id());
        }
        entry.parameters().ifPresent(parameters -> index(entry.id(), parameters));
        plan(entry);
    }

    private void index(SaId id, SaParameters parameters) {
        if (parameters.direction() == Direction.OUTBOUND) {
            outboundByIdentity.add(byIdentity(parameters), id);
            outboundByPeer.add(Objects.hash(parameters.peer(), parameters.spi()), id);
        } else if (!parameters.connectionId()) {
            withoutConnectionId.add(byRoute(parameters), id);
        }
    }

    private void unindex(SaId id, SaParameters parameters) {
        if (parameters.direction() == Direction.OUTBOUND) {
            outboundByIdentity.remove(byIdentity(parameters), id::equals);
            outboundByPeer.remove(Objects.hash(parameters.peer(), parameters.spi()), id::equals);
        } else if (!parameters.connectionId()) {
            withoutConnectionId.remove(byRoute(parameters), id::equals);
        }
    }

    private static int byIdentity(SaParameters parameters) {
        return Objects.hash(parameters.identity(), parameters.spi());
    }

    private static int byRoute(SaParameters parameters) {
        return Objects.hash(parameters.local(), parameters.peer());
    }

    /** The parameters of an SA that is indexed by them. */
    private SaParameters parametersOf(SaId id) {
        SadbEntry entry = entries.find(id);
        if (entry == null) {
            throw new IllegalStateException("SA " + id + " is indexed and not there");
        }
        return entry.installedParameters();
    }

    /** Puts the next version of an entry in its place. */
    void replace(SadbEntry entry) {
        entries.put(entry);
    }

    /** Puts the next version of an entry in its place, and looks at its deadlines anew. */
    void replaceAndPlan(SadbEntry entry) {
        replace(entry);
        plan(entry);
    }

    /** Takes an SA out of every list; its inbound SPI goes into quarantine. */
    void remove(SadbEntry entry, long now) {
        entry.parameters().ifPresent(parameters -> unindex(entry.id(), parameters));
        SadbEntry last = entries.remove(entry.id());
        if (last != null) {
            owners.leave(last);
        }
        if (entry.direction() == Direction.INBOUND) {
            spis.bury(entry.spi(), entry.pair(), now);
        }
    }

    private void plan(SadbEntry entry) {
        long deadline = Lifetimes.nextDeadline(entry);
        if (deadline != Lifetimes.NEVER) {
            if (schedule.size() > 2 * entries.size() + 1024) {
                replan();
            }
            schedule.add(deadline, entry.id());
        }
    }

    /** Changed lifetimes leave stale hints behind; when those are the majority, the schedule is written anew. */
    private void replan() {
        schedule.clear();
        for (SadbEntry entry : entries) {
            long deadline = Lifetimes.nextDeadline(entry);
            if (deadline != Lifetimes.NEVER) {
                schedule.add(deadline, entry.id());
            }
        }
    }

    /** The next SA that is due at {@code now}, or null. Its deadline is taken out: who keeps it, plans it again. */
    @Nullable
    SadbEntry nextDue(long now) {
        while (!schedule.isEmpty() && schedule.first() - now <= 0) {
            SadbEntry entry = entries.find(schedule.removeFirst());
            if (entry == null) {
                continue;
            }
            long deadline = Lifetimes.nextDeadline(entry);
            if (deadline != Lifetimes.NEVER && deadline - now <= 0) {
                return entry;
            }
        }
        return null;
    }

    /** When {@link #nextDue} or the quarantine has something to do; empty if never, as things stand. */
    Optional<Long> nextDeadline() {
        long release = spis.nextRelease();
        if (schedule.isEmpty()) {
            return release == Lifetimes.NEVER ? Optional.empty() : Optional.of(release);
        }
        long due = schedule.first();
        return Optional.of(release != Lifetimes.NEVER && release - due < 0 ? release : due);
    }
}
