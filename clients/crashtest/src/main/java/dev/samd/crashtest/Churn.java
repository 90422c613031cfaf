// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.client.InstalledPair;
import dev.samd.client.SaEntry;
import dev.samd.client.SaFilter;
import dev.samd.client.SaSelector;
import dev.samd.client.SamdUnavailableException;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Installs links, changes their SAs and ends them, one call after the other. A call without an answer is made again until
 * it has one, an installation with the same request id. Thread-safe.
 */
final class Churn {
    private static final int MOST_LINKS = 10;
    private static final Set<SaError> AGAIN =
            Set.of(SaError.SHUTTING_DOWN, SaError.TIMED_OUT, SaError.TOO_MANY, SaError.NO_SPACE);

    private final List<Host> hosts;
    private final Links links;
    private final Journal journal;
    private final Figures figures;
    private final Random random;
    private final Deque<Runnable> unfinished = new ArrayDeque<>();
    private final Map<Link, List<List<SaId>>> ids = new HashMap<>();
    private final Semaphore acknowledged = new Semaphore(0);
    private int nextLink;
    private long lifetime = Link.FIRST_LIFETIME_SECONDS;

    Churn(List<Host> hosts, Links links, Journal journal, Figures figures, long seed) {
        this.hosts = hosts;
        this.links = links;
        this.journal = journal;
        this.figures = figures;
        this.random = new Random(seed);
    }

    /** Makes one call, and says whether it was acknowledged. */
    synchronized boolean step() {
        if (unfinished.isEmpty()) {
            begin();
        }
        Runnable call = unfinished.element();
        try {
            call.run();
        } catch (SamdUnavailableException e) {
            figures.count("calls of managers made again");
            return false;
        } catch (SaException e) {
            if (AGAIN.contains(e.error())) {
                figures.count("calls of managers made again");
                return false;
            }
            throw new ViolationException("a manager is refused: " + e.getMessage());
        }
        unfinished.remove();
        acknowledged.release();
        return true;
    }

    private void begin() {
        List<Link> all = links.all();
        if (all.size() < Link.LASTING || (all.size() < MOST_LINKS && random.nextInt(4) == 0)) {
            install();
        } else if (all.size() > Link.LASTING && random.nextInt(4) == 0) {
            delete(all.get(Link.LASTING + random.nextInt(all.size() - Link.LASTING)));
        } else {
            changeLifetime(all.get(random.nextInt(all.size())));
        }
    }

    private void install() {
        byte[] keys = new byte[Link.KEY_OCTETS];
        random.nextBytes(keys);
        int number = nextLink++;
        CipherSuite suite = Link.suites().get(number % Link.suites().size());
        Link link = new Link(number, suite, number % 2 == 0 ? Content.MESSAGE : Content.RAW, Octets.of(keys));
        ids.put(link, List.of(new ArrayList<>(), new ArrayList<>()));
        for (Host host : hosts) {
            if (link.content() == Content.MESSAGE) {
                unfinished.add(() -> installPair(link, host));
            } else {
                unfinished.add(() -> add(link, host, Direction.INBOUND));
                unfinished.add(() -> add(link, host, Direction.OUTBOUND));
            }
        }
        unfinished.add(() -> links.add(link));
    }

    private void installPair(Link link, Host host) {
        try (TrafficKeys inbound = link.keys(host.index(), Direction.INBOUND);
                TrafficKeys outbound = link.keys(host.index(), Direction.OUTBOUND)) {
            InstalledPair pair = host.manager().sadb().installPair(link.pair(host.index(), inbound, outbound));
            installed(link, host, pair.inbound());
            installed(link, host, pair.outbound());
        }
    }

    private void add(Link link, Host host, Direction direction) {
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

    private void installed(Link link, Host host, SaId id) {
        journal.add(Entry.Kind.INSTALLED, host.index(), id.value(), Link.FIRST_LIFETIME_SECONDS);
        idsAt(link, host).add(id);
        figures.count("SAs installed");
    }

    private void delete(Link link) {
        links.remove(link);
        for (Host host : hosts) {
            List<SaId> all = idsAt(link, host);
            if (link.content() == Content.MESSAGE) {
                unfinished.add(() -> delete(host, all));
            } else {
                all.forEach(id -> unfinished.add(() -> delete(host, List.of(id))));
            }
        }
        unfinished.add(() -> ids.remove(link));
    }

    /** Ends an SA, or a pair. */
    private void delete(Host host, List<SaId> all) {
        all.forEach(id -> journal.add(Entry.Kind.DELETE_ASKED, host.index(), id.value(), 0));
        try {
            host.manager().sadb().deletePair(new SaSelector.ById(all.get(0)));
        } catch (SaException e) {
            if (e.error() != SaError.NO_SUCH_SA) {
                throw e;
            }
            // The answer to an earlier call was lost.
        }
        for (SaId id : all) {
            journal.add(Entry.Kind.DELETED, host.index(), id.value(), 0);
            figures.count("SAs deleted");
        }
    }

    private void changeLifetime(Link link) {
        Host host = hosts.get(random.nextInt(hosts.size()));
        List<SaId> all = idsAt(link, host);
        SaId id = all.get(random.nextInt(all.size()));
        long seconds = ++lifetime;
        unfinished.add(() -> {
            journal.add(Entry.Kind.LIFETIME_ASKED, host.index(), id.value(), seconds);
            host.manager().sadb().changeLifetime(new SaSelector.ById(id), Link.lifetime(seconds));
            journal.add(Entry.Kind.LIFETIME_CHANGED, host.index(), id.value(), seconds);
            figures.count("lifetimes changed");
        });
    }

    private List<SaId> idsAt(Link link, Host host) {
        List<List<SaId>> both = ids.get(link);
        if (both == null) {
            throw new IllegalStateException("link " + link.number() + " is not there");
        }
        return both.get(host.index());
    }

    /** Has the next acknowledgement come within some seconds? */
    boolean awaitAcknowledgement() throws InterruptedException {
        acknowledged.drainPermits();
        return acknowledged.tryAcquire(5, TimeUnit.SECONDS);
    }

    /** Lists the SAs of a daemon that serves; nothing is changed meanwhile. */
    synchronized void list(Host host) {
        host.awaitClients();
        journal.add(Entry.Kind.LISTING, host.index());
        try {
            host.manager().sadb().dump(SaFilter.ALL, entry -> listed(host, entry));
        } catch (SamdUnavailableException | SaException e) {
            throw new ViolationException("samd " + host.index() + " does not list its SAs: " + e.getMessage());
        }
        journal.add(Entry.Kind.LISTING_ENDS, host.index());
    }

    private void listed(Host host, SaEntry entry) {
        if (entry.flags().contains(SaEntry.Flag.SUSPENDED)) {
            throw new ViolationException("SA " + entry.id() + " of samd " + host.index() + " is SUSPENDED");
        }
        long seconds = entry.parameters()
                .map(SaParameters::lifetime)
                .map(found -> found.hard().addTime().toSeconds())
                .orElse(0L);
        journal.add(Entry.Kind.LISTED, host.index(), entry.id().value(), seconds);
    }
}
