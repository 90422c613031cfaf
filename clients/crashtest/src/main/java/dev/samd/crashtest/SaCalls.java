// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.client.InstalledPair;
import dev.samd.client.SaEntry;
import dev.samd.client.SaSelector;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import dev.samd.sa.TrafficKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What managers ask daemons for. What was acknowledged goes into the journal; each call may be made again until it is, and
 * means the same. Confined to the churn.
 */
final class SaCalls {
    private final Journal journal;
    private final Figures figures;
    private final Map<Link, Map<Host, End>> ends = new HashMap<>();

    SaCalls(Journal journal, Figures figures) {
        this.journal = journal;
        this.figures = figures;
    }

    /** One end of a link, as far as its host has acknowledged it. */
    private static final class End {
        private final List<SaId> ids = new ArrayList<>();
        private PairId pair = PairId.NONE;
    }

    private End end(Link link, Host host) {
        return ends.computeIfAbsent(link, l -> new HashMap<>()).computeIfAbsent(host, h -> new End());
    }

    /** The SAs that a host has acknowledged of a link. */
    List<SaId> ids(Link link, Host host) {
        return List.copyOf(end(link, host).ids);
    }

    /** The SPI of what a host receives on a link, to be reserved. */
    static Reservation reservation(Link link, Host host) {
        return new Reservation(host, link.peerOf(host.index()), link.spi(1 - host.index()));
    }

    void reserve(Reservation wish) {
        boolean again = wish.ask();
        SaId id;
        try {
            id = wish.host()
                    .manager()
                    .sadb()
                    .getSpi(wish.peer(), Endpoint.HOST_WIDE, wish.spi(), wish.spi())
                    .id();
        } catch (SaException e) {
            if (e.error() != SaError.SPI_IN_USE || !again) {
                throw e;
            }
            id = reservedBefore(wish);
        }
        wish.acknowledged(id);
        journal.add(Entry.Kind.RESERVED, wish.host().index(), id.value(), wish.ageMillis());
        figures.count("SPIs reserved");
    }

    /** The answer to an earlier call was lost, and the SPI is taken: by that call. */
    private static SaId reservedBefore(Reservation wish) {
        SaEntry there;
        try {
            there = wish.host().manager().sadb().get(new SaSelector.Inbound(wish.spi()));
        } catch (SaException e) {
            throw lapsedOr(e, SaError.NO_SUCH_SA, wish, wish.isYoung());
        }
        if (there.state() != SaState.LARVAL) {
            throw new ViolationException("SPI " + wish.spi() + " was asked to be reserved, and is " + there.state());
        }
        return there.id();
    }

    /** What a refusal means that a reservation may have met because it was too old. */
    private static RuntimeException lapsedOr(SaException e, SaError ifLapsed, Reservation reserved, boolean young) {
        return !young && e.error() == ifLapsed ? new LapsedException(reserved) : e;
    }

    /** Ends what was reserved and is not needed. */
    void release(Reservation reserved) {
        delete(reserved.host(), List.of(reserved.id()));
    }

    /**
     * Both SAs of a host in one step.
     *
     * @param reserved the SPI of the inbound one, if it was reserved before
     * @param supersedes the link whose place it takes, if there is one
     */
    void installPair(Link link, Host host, @Nullable Reservation reserved, @Nullable Link supersedes) {
        PairId old = supersedes == null ? PairId.NONE : end(supersedes, host).pair;
        if (supersedes != null) {
            // It ends some time after its successor has come, whoever deletes it.
            end(supersedes, host).ids.forEach(id -> journal.add(Entry.Kind.DELETE_ASKED, host.index(), id.value(), 0));
        }
        if (reserved != null) {
            journal.add(Entry.Kind.LIFETIME_ASKED, host.index(), reserved.id().value(), Link.FIRST_LIFETIME_SECONDS);
        }
        boolean young = reserved != null && reserved.isYoung();
        try (TrafficKeys inbound = link.keys(host.index(), Direction.INBOUND);
                TrafficKeys outbound = link.keys(host.index(), Direction.OUTBOUND)) {
            InstalledPair pair = host.manager().sadb().installPair(link.pair(host.index(), inbound, outbound, old));
            end(link, host).pair = pair.pair();
            if (reserved != null && pair.inbound().equals(reserved.id())) {
                completed(link, host, pair.inbound());
            } else if (reserved != null) {
                throw new ViolationException("SA " + reserved.id() + " of samd " + host.index()
                        + " was acknowledged for SPI " + reserved.spi() + ", and SA " + pair.inbound() + " has it");
            } else {
                installed(link, host, pair.inbound());
            }
            installed(link, host, pair.outbound());
        } catch (SaException e) {
            throw reserved == null ? e : lapsedOr(e, SaError.SPI_IN_USE, reserved, young);
        }
    }

    void add(Link link, Host host, Direction direction) {
        try (TrafficKeys keys = link.keys(host.index(), direction)) {
            installed(
                    link,
                    host,
                    host.manager()
                            .sadb()
                            .add(link.single(host.index(), direction, keys))
                            .id());
        }
    }

    /** Gives what was reserved its keys. */
    void complete(Link link, Host host, Reservation reserved) {
        SaId id = reserved.id();
        boolean young = reserved.isYoung();
        journal.add(Entry.Kind.LIFETIME_ASKED, host.index(), id.value(), Link.FIRST_LIFETIME_SECONDS);
        try (TrafficKeys keys = link.keys(host.index(), Direction.INBOUND)) {
            host.manager()
                    .sadb()
                    .complete(
                            new SaSelector.ById(id),
                            link.single(host.index(), Direction.INBOUND, keys).parameters(),
                            keys,
                            "");
        } catch (SaException e) {
            if (e.error() != SaError.IMMUTABLE) {
                throw lapsedOr(e, SaError.NO_SUCH_SA, reserved, young);
            }
            // The answer to an earlier call was lost.
        }
        completed(link, host, id);
    }

    private void completed(Link link, Host host, SaId id) {
        journal.add(Entry.Kind.LIFETIME_CHANGED, host.index(), id.value(), Link.FIRST_LIFETIME_SECONDS);
        end(link, host).ids.add(id);
        figures.count("SPIs completed");
    }

    private void installed(Link link, Host host, SaId id) {
        journal.add(Entry.Kind.INSTALLED, host.index(), id.value(), Link.FIRST_LIFETIME_SECONDS);
        end(link, host).ids.add(id);
        figures.count("SAs installed");
    }

    /** Ends an SA, or a pair. */
    void delete(Host host, List<SaId> all) {
        all.forEach(id -> journal.add(Entry.Kind.DELETE_ASKED, host.index(), id.value(), 0));
        try {
            host.manager().sadb().deletePair(new SaSelector.ById(all.get(0)));
        } catch (SaException e) {
            if (e.error() != SaError.NO_SUCH_SA) {
                throw e;
            }
            // The answer to an earlier call was lost, or time has ended it.
        }
        for (SaId id : all) {
            journal.add(Entry.Kind.DELETED, host.index(), id.value(), 0);
            figures.count("SAs deleted");
        }
    }

    /** Ends what a host has of a link: a pair by one call, other SAs by one each. */
    void deleteAll(Link link, Host host) {
        End end = end(link, host);
        while (!end.ids.isEmpty()) {
            List<SaId> next = List.copyOf(end.pair.equals(PairId.NONE) ? end.ids.subList(0, 1) : end.ids);
            delete(host, next);
            end.ids.removeAll(next);
        }
    }

    /** The links whose place this one takes, and that are not deleted yet. */
    List<Link> earlier(Link link) {
        return ends.keySet().stream()
                .filter(other -> other.number() == link.number() && other.generation() < link.generation())
                .toList();
    }

    /** All SAs of the link are deleted. */
    void forget(Link link) {
        ends.remove(link);
    }

    void changeLifetime(Host host, SaId id, long seconds) {
        journal.add(Entry.Kind.LIFETIME_ASKED, host.index(), id.value(), seconds);
        host.manager().sadb().changeLifetime(new SaSelector.ById(id), Link.lifetime(seconds));
        journal.add(Entry.Kind.LIFETIME_CHANGED, host.index(), id.value(), seconds);
        figures.count("lifetimes changed");
    }

    /** What an SA is there for, if it belongs to one of these links. */
    static Optional<Link> linkOf(List<Link> links, int host, SaEntry entry) {
        return links.stream()
                .filter(link -> entry.spi().equals(link.spi(entry.direction() == Direction.INBOUND ? 1 - host : host)))
                .findFirst();
    }
}
