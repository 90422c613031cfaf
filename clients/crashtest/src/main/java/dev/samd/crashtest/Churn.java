// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.client.SaEntry;
import dev.samd.client.SaFilter;
import dev.samd.client.SamdUnavailableException;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Installs links, changes their SAs, replaces those whose keys are worn and ends them, one call after the other. A call
 * without an answer is made again until it has one, an installation with the same request id. Thread-safe.
 */
final class Churn {
    private static final int MOST_LINKS = 10;
    private static final Endpoint NOBODY = Endpoint.parse("coap://nobody");

    /** Of the 2^14 failed openings that a key with short tags may have: after so many a KMP makes new ones. */
    private static final int WORN = 8 * Limits.FORGERY_STEP;

    private static final Set<SaError> AGAIN =
            Set.of(SaError.SHUTTING_DOWN, SaError.TIMED_OUT, SaError.TOO_MANY, SaError.NO_SPACE);

    private final List<Host> hosts;
    private final Links links;
    private final Journal journal;
    private final Figures figures;
    private final SaCalls calls;
    private final Random random;
    private final Deque<Runnable> unfinished = new ArrayDeque<>();
    /** Links that stay and whose keys have failed too often. */
    private final Queue<Link> worn = new ArrayDeque<>();

    private final Semaphore acknowledged = new Semaphore(0);
    /** The link that is being installed. */
    private @Nullable Link making;

    private int nextLink;
    private int spare;
    private long lifetime = Link.FIRST_LIFETIME_SECONDS;

    Churn(List<Host> hosts, Links links, Journal journal, Figures figures, long seed) {
        this.hosts = hosts;
        this.links = links;
        this.journal = journal;
        this.figures = figures;
        this.calls = new SaCalls(journal, figures);
        this.random = new Random(seed);
    }

    /** Makes one call, and says whether it was acknowledged. */
    synchronized boolean step() {
        while (unfinished.isEmpty()) {
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
        } catch (LapsedException e) {
            figures.count("reservations lapsed");
            giveUp();
            return false;
        }
        unfinished.remove();
        acknowledged.release();
        return true;
    }

    private void begin() {
        List<Link> all = links.all();
        List<Link> passing = all.stream().filter(link -> !link.isLasting()).toList();
        if (nextLink < Link.LASTING || (all.size() < MOST_LINKS && random.nextInt(4) == 0)) {
            install(Link.first(nextLink++, keys()), null);
        } else if (!worn.isEmpty()) {
            replace(worn.remove());
        } else if (random.nextInt(6) == 0) {
            reserveInVain(hosts.get(random.nextInt(hosts.size())));
        } else if (!passing.isEmpty() && random.nextInt(4) == 0) {
            Link link = passing.get(random.nextInt(passing.size()));
            links.remove(link);
            delete(link);
        } else {
            changeLifetime(all.get(random.nextInt(all.size())));
        }
    }

    private Octets keys() {
        byte[] keys = new byte[Link.KEY_OCTETS];
        random.nextBytes(keys);
        return Octets.of(keys);
    }

    /** @param old whose place it takes, if it is no new one */
    private void install(Link link, @Nullable Link old) {
        making = link;
        for (Host host : hosts) {
            Reservation reserved = random.nextBoolean() ? SaCalls.reservation(link, host) : null;
            if (reserved != null) {
                unfinished.add(() -> calls.reserve(reserved));
            }
            if (link.content() == Content.MESSAGE) {
                unfinished.add(() -> calls.installPair(link, host, reserved, old));
            } else {
                unfinished.add(
                        reserved == null
                                ? () -> calls.add(link, host, Direction.INBOUND)
                                : () -> calls.complete(link, host, reserved));
                unfinished.add(() -> calls.add(link, host, Direction.OUTBOUND));
            }
        }
        unfinished.add(() -> {
            links.add(link);
            making = null;
        });
        if (old != null) {
            unfinished.add(() -> figures.count("worn links replaced"));
            delete(old);
        }
    }

    /** A negotiation fails: what there is of its link goes, and a link that has to stay is made anew. */
    private void giveUp() {
        unfinished.clear();
        Link failed = making;
        making = null;
        if (failed != null) {
            calls.earlier(failed).forEach(this::delete);
            delete(failed);
            if (failed.isLasting()) {
                install(failed.next(keys()), null);
            }
        }
    }

    /** As a KMP does when the keys of a link are worn: others come, then these go. */
    private void replace(Link link) {
        if (!links.all().contains(link)) {
            return;
        }
        links.remove(link);
        install(link.next(keys()), link);
    }

    /** Queued behind what is queued: whose SAs are there is asked when its turn comes. */
    private void delete(Link link) {
        for (Host host : hosts) {
            unfinished.add(() -> calls.deleteAll(link, host));
        }
        unfinished.add(() -> calls.forget(link));
    }

    /** A negotiation that comes to nothing. */
    private void reserveInVain(Host host) {
        Reservation reserved = new Reservation(host, NOBODY, Link.spareSpi(++spare));
        unfinished.add(() -> calls.reserve(reserved));
        unfinished.add(() -> calls.release(reserved));
    }

    private void changeLifetime(Link link) {
        Host host = hosts.get(random.nextInt(hosts.size()));
        List<SaId> all = calls.ids(link, host);
        SaId id = all.get(random.nextInt(all.size()));
        long seconds = ++lifetime;
        unfinished.add(() -> calls.changeLifetime(host, id, seconds));
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
        if (entry.usage().failedOpenings() >= WORN) {
            SaCalls.linkOf(links.all(), host.index(), entry)
                    .filter(link -> link.isLasting() && !worn.contains(link))
                    .ifPresent(worn::add);
        }
    }
}
