// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.Policies;
import dev.samd.engine.Confirmation;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import dev.samd.sa.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The security-association database: the verbs of RFC 2367 and the passing of time, each one step from (now, request) to
 * (reply, changes, events). Pure and confined to one thread: whoever drives it brings the time and carries the changes out.
 *
 * <p>A verb that throws {@link SaException} has changed nothing. A verb that takes keys owns them: they leave with a
 * {@link Change.Installed}, or are closed.
 */
public final class Sadb {
    /** Ids leave room for this many SAs for each second since 1970, so that no run repeats those of another. */
    private static final int ID_SHIFT = 20;

    /** How many SAs one step of time ends at most, so that a flood of expiries does not shut requests out. */
    private static final int DUE_PER_STEP = 1024;

    private final SaTable table = new SaTable();
    private final PairTable pairs = new PairTable(table);
    private final KeyRegistry keys;
    private final RequestMemory requests;
    private final SpiAllocator allocator;
    private final UsageView usages;
    private final SadbBounds bounds;
    private final long incarnation;
    private Policies policies = Policies.NONE;
    private long revision;
    private long lastId;

    /**
     * An empty database.
     *
     * @param born when this life of it began
     * @param random for SPIs, the incarnation and the secret of the key registry
     * @param usages how far SAs have been used
     * @param bounds its bounds
     */
    public Sadb(Now born, RandomGenerator random, UsageView usages, SadbBounds bounds) {
        this.keys = new KeyRegistry(random, bounds.keys());
        this.requests = new RequestMemory(bounds.requestIds());
        this.allocator = new SpiAllocator(random);
        this.usages = usages;
        this.bounds = bounds;
        this.incarnation = random.nextLong();
        this.lastId = born.wall().getEpochSecond() << ID_SHIFT;
    }

    /** The present cursor. */
    public Cursor cursor() {
        return new Cursor(incarnation, revision);
    }

    /** The usage of an SA that never was used. */
    public static final Usage NO_USAGE = new Usage(0, 0, 0, Usage.NEVER, Usage.NEVER, 0, Map.of());

    /** Number of SAs that are not DEAD. */
    public int size() {
        return table.size();
    }

    /** When {@link #tick} has something to do, in monotonic nanoseconds; empty if never, as things stand. */
    public Optional<Long> nextDeadline() {
        return table.nextDeadline();
    }

    /**
     * GETSPI (RFC 2367 s3.1.1): reserves an inbound SPI as a LARVAL SA.
     *
     * @throws SaException {@link SaError#SPI_IN_USE}, {@link SaError#STALE_ACQUIRE}, {@link SaError#TOO_MANY}
     */
    public Step<SadbEntry> getSpi(Now now, GetSpi request) {
        requireUnasked(request.origin());
        requireRoom(1);
        table.spis().release(now.nanos());
        Spi spi = allocator.allocate(table.spis(), request.range());
        SadbEntry entry = SadbEntry.larval(nextId(), ++revision, spi, request, now);
        table.enter(entry);
        return new Step<>(
                entry,
                List.of(new Change.Reserved(entry)),
                List.of(new SadbEvent.Reserved(
                        entry, now.wall(), request.origin().principal())));
    }

    /**
     * ADD (RFC 2367 s3.1.3): installs one SA as MATURE.
     *
     * @throws SaException {@link SaError#SPI_IN_USE}, {@link SaError#SA_EXISTS}, {@link SaError#INVALID_KEY},
     *     {@link SaError#KEY_REUSED}, {@link SaError#REQUEST_ID_REUSED}, …
     */
    public Step<SadbEntry> add(Now now, Add request) {
        return owning(() -> doAdd(now, request), request.keys());
    }

    private Step<SadbEntry> doAdd(Now now, Add request) {
        Origin origin = request.origin();
        SaParameters parameters = request.parameters();
        requireUnasked(origin);
        request.keys().requireFor(parameters.suite());
        KeyRegistry.Prints prints = keys.prints(request.keys());
        Object content = new InstallContent(parameters, prints, request.pairName(), null);
        Optional<SadbEntry> before = requests.recall(origin, content, SadbEntry.class);
        if (before.isPresent()) {
            request.keys().close();
            return Step.unchanged(before.get());
        }
        requireRoom(1);
        requirePlace(now, parameters);
        Pair joined = joinable(origin, request.pairName(), parameters);
        KeyRegistry.Claim claim = keys.check(parameters, prints);

        Transaction transaction = new Transaction(now, origin.principal());
        SadbEntry fresh = SadbEntry.mature(nextId(), ++revision, parameters, enter(claim), origin.principal(), now);
        SadbEntry entry = transaction.install(inNamedPair(origin, request.pairName(), joined, fresh), request.keys());
        transaction.events.add(new SadbEvent.Added(entry, now.wall(), origin.principal()));
        requests.remember(origin, content, entry);
        return transaction.step(entry);
    }

    /**
     * UPDATE of a LARVAL SA (RFC 2367 s3.1.2): gives it its keys.
     *
     * @throws SaException {@link SaError#NO_SUCH_SA}, {@link SaError#WRONG_STATE}, {@link SaError#IMMUTABLE},
     *     {@link SaError#NOT_PERMITTED}, …
     */
    public Step<SadbEntry> complete(Now now, Complete request) {
        return owning(() -> doComplete(now, request), request.keys());
    }

    private Step<SadbEntry> doComplete(Now now, Complete request) {
        Origin origin = request.origin();
        SaParameters parameters = request.parameters();
        requireUnasked(origin);
        request.keys().requireFor(parameters.suite());
        KeyRegistry.Prints prints = keys.prints(request.keys());
        Object content = new InstallContent(parameters, prints, request.pairName(), request.sa());
        Optional<SadbEntry> before = requests.recall(origin, content, SadbEntry.class);
        if (before.isPresent()) {
            request.keys().close();
            return Step.unchanged(before.get());
        }
        SadbEntry larval = table.require(request.sa());
        requireOwner(larval, origin);
        if (larval.state() != SaState.LARVAL) {
            throw new SaException(
                    SaError.IMMUTABLE,
                    larval.id().toString(),
                    "SA " + larval.id() + " is " + larval.state()
                            + ": its keys cannot change, a re-key needs a new SPI");
        }
        requireAsReserved(larval, parameters);
        table.requireUnique(parameters);
        Pair joined = joinable(origin, request.pairName(), parameters);
        KeyRegistry.Claim claim = keys.check(parameters, prints);

        Transaction transaction = new Transaction(now, origin.principal());
        SadbEntry fresh = larval.completed(++revision, parameters, enter(claim), now);
        SadbEntry entry = transaction.install(inNamedPair(origin, request.pairName(), joined, fresh), request.keys());
        transaction.events.add(new SadbEvent.Updated(entry, now.wall(), origin.principal()));
        requests.remember(origin, content, entry);
        return transaction.step(entry);
    }

    /**
     * UPDATE of a MATURE or DYING SA (RFC 2367 s3.1.2): other limits. A soft limit raised above the usage brings a DYING
     * SA back to MATURE.
     *
     * @throws SaException {@link SaError#NO_SUCH_SA}, {@link SaError#WRONG_STATE}, {@link SaError#IMMUTABLE},
     *     {@link SaError#NOT_PERMITTED}
     */
    public Step<SadbEntry> changeLifetime(Now now, ChangeLifetime request) {
        requireUnasked(request.origin());
        SadbEntry entry = table.require(request.sa());
        requireOwner(entry, request.origin());
        if (entry.state() == SaState.LARVAL) {
            throw new SaException(
                    SaError.WRONG_STATE,
                    entry.id().toString(),
                    "SA " + entry.id() + " is LARVAL; UPDATE needs its keys first");
        }
        SaParameters present = entry.installedParameters();
        SaParameters stated = request.stated();
        if (stated != null && !stated.withLifetime(present.lifetime()).equals(present)) {
            throw new SaException(
                    SaError.IMMUTABLE,
                    entry.id().toString(),
                    "SA " + entry.id() + " is " + entry.state() + ": nothing but its lifetime can change");
        }
        SaParameters changed = present.withLifetime(request.lifetime());
        SadbEntry candidate = entry.relimited(changed, entry.state(), entry.revision());
        boolean revived = entry.state() == SaState.DYING
                && !Lifetimes.anySoftMet(candidate, usages.usage(entry.id()).orElse(NO_USAGE), now.nanos());
        SadbEntry updated = entry.relimited(changed, revived ? SaState.MATURE : entry.state(), ++revision);
        table.replaceAndPlan(updated);
        return new Step<>(
                updated,
                List.of(new Change.Relimited(updated)),
                List.of(new SadbEvent.Updated(
                        updated, now.wall(), request.origin().principal())));
    }

    /**
     * Installs both SAs of a pair, or none.
     *
     * @throws SaException as {@link #add}; also {@link SaError#NO_SUCH_SA} for an unknown pair to supersede
     */
    public Step<InstalledPair> installPair(Now now, InstallPair request) {
        return owning(() -> doInstallPair(now, request), request.inboundKeys(), request.outboundKeys());
    }

    private Step<InstalledPair> doInstallPair(Now now, InstallPair request) {
        Origin origin = request.origin();
        SaParameters in = request.inbound();
        SaParameters out = request.outbound();
        requireUnasked(origin);
        requireDirection(in, Direction.INBOUND);
        requireDirection(out, Direction.OUTBOUND);
        PairTable.requireAlike(in, out);
        request.inboundKeys().requireFor(in.suite());
        request.outboundKeys().requireFor(out.suite());
        KeyRegistry.Prints inPrints = keys.prints(request.inboundKeys());
        KeyRegistry.Prints outPrints = keys.prints(request.outboundKeys());
        Object content = new PairContent(in, inPrints, out, outPrints, request.supersedes());
        Optional<InstalledPair> before = requests.recall(origin, content, InstalledPair.class);
        if (before.isPresent()) {
            request.inboundKeys().close();
            request.outboundKeys().close();
            return Step.unchanged(before.get());
        }
        SadbEntry larval = reservedBy(origin, in);
        requireRoom(larval == null ? 2 : 1);
        if (larval == null) {
            requirePlace(now, in);
        } else {
            table.requireUnique(in);
        }
        requirePlace(now, out);
        Pair superseded = pairs.supersedable(request.supersedes(), in);
        KeyRegistry.Claim inClaim = keys.check(in, inPrints);
        KeyRegistry.Claim outClaim = keys.check(out, outPrints);
        KeyRegistry.checkTogether(inClaim, outClaim);

        String principal = origin.principal();
        Transaction transaction = new Transaction(now, principal);
        Pair pair = pairs.create(new PairId(nextId().value()), principal, "", superseded);
        SadbEntry freshIn = larval == null
                ? SadbEntry.mature(nextId(), ++revision, in, enter(inClaim), principal, now)
                : larval.completed(++revision, in, enter(inClaim), now);
        SadbEntry inbound = transaction.install(pairs.join(pair, freshIn), request.inboundKeys());
        SadbEntry freshOut = SadbEntry.mature(nextId(), ++revision, out, enter(outClaim), principal, now);
        SadbEntry outbound = transaction.install(pairs.join(pair, freshOut), request.outboundKeys());
        SadbEntry whole = inbound.withPartner(outbound.id());
        transaction.events.add(
                larval == null
                        ? new SadbEvent.Added(whole, now.wall(), principal)
                        : new SadbEvent.Updated(whole, now.wall(), principal));
        transaction.events.add(new SadbEvent.Added(outbound, now.wall(), principal));
        InstalledPair reply = new InstalledPair(whole, outbound);
        requests.remember(origin, content, reply);
        return transaction.step(reply);
    }

    /**
     * DELETE (RFC 2367 s3.1.4): ends one SA, or the pair it belongs to.
     *
     * @throws SaException {@link SaError#NO_SUCH_SA}, {@link SaError#AMBIGUOUS_SA}
     */
    public Step<List<SaId>> delete(Now now, String principal, SaSelector sa, boolean wholePair) {
        SadbEntry entry = table.require(sa);
        List<SadbEntry> ending = new ArrayList<>();
        ending.add(entry);
        if (wholePair) {
            entry.partner().map(table::find).ifPresent(ending::add);
        }
        Transaction transaction = new Transaction(now, principal);
        transaction.delete(ending);
        return transaction.step(ending.stream().map(SadbEntry::id).toList());
    }

    /**
     * GET (RFC 2367 s3.1.5).
     *
     * @throws SaException {@link SaError#NO_SUCH_SA}, {@link SaError#AMBIGUOUS_SA}
     */
    public SadbEntry get(SaSelector sa) {
        return table.require(sa);
    }

    /** FLUSH (RFC 2367 s3.1.9): ends every SA that fits, and gives their number. What a key was used for is not forgotten. */
    public Step<Long> flush(Now now, String principal, SaFilter filter) {
        List<SadbEntry> ending = table.all().stream().filter(filter).toList();
        Transaction transaction = new Transaction(now, principal);
        transaction.delete(ending);
        transaction.events.add(new SadbEvent.Flushed(++revision, now.wall(), principal, ending.size()));
        return transaction.step((long) ending.size());
    }

    /** The policies that stand. */
    public Policies policies() {
        return policies;
    }

    /** Other policies stand from now on: every SA gets the scope that they give it. Gives the number of SAs that changed. */
    public Step<Integer> policyChanged(Now now, String principal, Policies changed) {
        policies = changed;
        long governed = ++revision;
        Transaction transaction = new Transaction(now, principal);
        transaction.changes.add(new Change.Governed(governed, changed));
        int rescoped = 0;
        for (SadbEntry entry : List.copyOf(table.all())) {
            Set<Endpoint> scope = entry.parameters().map(changed::scopeOf).orElse(Set.of());
            if (!scope.equals(entry.scope())) {
                SadbEntry other = entry.scoped(scope, governed);
                table.replace(other);
                transaction.changes.add(new Change.Rescoped(other));
                rescoped++;
            }
        }
        transaction.events.add(new SadbEvent.PoliciesChanged(governed, now.wall(), principal, changed.size()));
        return transaction.step(rescoped);
    }

    /** DUMP (RFC 2367 s3.1.10): the SAs that fit, as they are at the present revision. */
    public Snapshot dump(SaFilter filter) {
        return new Snapshot(cursor(), table.all().stream().filter(filter).toList());
    }

    /** Time has passed: what is due expires. A bounded number at once; {@link #nextDeadline} tells of the rest. */
    public Step<Integer> tick(Now now) {
        table.spis().release(now.nanos());
        Transaction transaction = new Transaction(now, "");
        int due = 0;
        while (due < DUE_PER_STEP) {
            SadbEntry entry = table.nextDue(now.nanos());
            if (entry == null) {
                break;
            }
            due++;
            transaction.expireByTime(entry);
        }
        return transaction.step(due);
    }

    /** The engine has met a soft limit of an SA. */
    public Step<Boolean> soft(Now now, SaId id, ExpireCause cause) {
        SadbEntry entry = table.find(id);
        if (entry == null || entry.state() != SaState.MATURE || Lifetimes.hardComesFirst(entry, cause)) {
            return Step.unchanged(false);
        }
        Transaction transaction = new Transaction(now, "");
        transaction.age(entry, cause);
        return transaction.step(true);
    }

    /** The engine has met a hard limit of an SA. Too many forgeries end nothing: the engine alone stops opening. */
    public Step<Boolean> hard(Now now, SaId id, ExpireCause cause) {
        SadbEntry entry = table.find(id);
        if (entry == null
                || entry.state() == SaState.LARVAL
                || (entry.forgeryLimitMet() && cause == ExpireCause.FORGERY)) {
            return Step.unchanged(false);
        }
        Transaction transaction = new Transaction(now, "");
        if (cause == ExpireCause.FORGERY) {
            SadbEntry stopped = entry.withForgeryLimitMet(++revision);
            table.replace(stopped);
            transaction.events.add(new SadbEvent.Expired(stopped, now.wall(), true, cause));
        } else {
            transaction.expire(entry, cause);
        }
        return transaction.step(true);
    }

    /** The first good record came under a pair that waited for it. */
    public Step<Boolean> confirmed(Now now, SaId inbound) {
        return Step.unchanged(table.find(inbound) != null);
    }

    /** Failed openings of an SA have reached the alarm level. */
    public Step<Boolean> alarm(Now now, SaId id) {
        SadbEntry entry = table.find(id);
        if (entry == null) {
            return Step.unchanged(false);
        }
        SadbEntry alarmed = entry.atRevision(++revision);
        table.replace(alarmed);
        return new Step<>(true, List.of(), List.of(new SadbEvent.Alarmed(alarmed, now.wall())));
    }

    /** An SA was used for the first time: its limits of use time begin. */
    public void used(SaId id, long firstUseNanos) {
        SadbEntry entry = table.find(id);
        if (entry != null && entry.firstUsedNanos() == Usage.NEVER) {
            table.replaceAndPlan(entry.withFirstUse(firstUseNanos));
        }
    }

    /** A mark of an SA has become durable: numbers below it count as used from now on. */
    public void marked(SaId id, Direction direction, long mark) {
        SadbEntry entry = table.find(id);
        KeyRecord key = entry == null ? null : entry.key();
        if (key != null) {
            key.end(direction).raise(mark);
        }
    }

    /** The engine has retired an SA that ended, and these are its exact numbers: the key is free from there on. */
    public void retired(SadbEntry ended, Usage exact) {
        KeyRecord key = ended.key();
        if (key != null) {
            key.end(ended.direction()).release(exact.nextSequence());
        }
    }

    private SaId nextId() {
        return new SaId(++lastId);
    }

    private KeyRecord enter(KeyRegistry.Claim claim) {
        boolean sends = claim.parameters().direction() == Direction.OUTBOUND;
        return keys.enter(claim, sends ? bounds.sendBlock() : bounds.acceptBlock());
    }

    private @Nullable Pair joinable(Origin origin, String pairName, SaParameters parameters) {
        return pairName.isEmpty() ? null : pairs.joinable(origin.principal(), pairName, parameters);
    }

    private SadbEntry inNamedPair(Origin origin, String pairName, @Nullable Pair joined, SadbEntry entry) {
        if (pairName.isEmpty()) {
            return entry;
        }
        Pair pair = joined != null
                ? joined
                : pairs.create(new PairId(nextId().value()), origin.principal(), pairName, null);
        return pairs.join(pair, entry);
    }

    private @Nullable SadbEntry reservedBy(Origin origin, SaParameters in) {
        SadbEntry entry = table.spis().find(in.spi()).map(table::find).orElse(null);
        if (entry == null || entry.state() != SaState.LARVAL) {
            return null;
        }
        requireOwner(entry, origin);
        requireAsReserved(entry, in);
        return entry;
    }

    private static void requireUnasked(Origin origin) {
        if (origin.acquireSequence() != 0) {
            throw new SaException(
                    SaError.STALE_ACQUIRE,
                    Long.toString(origin.acquireSequence()),
                    "ACQUIRE " + origin.acquireSequence() + " is not open");
        }
    }

    private void requireRoom(int more) {
        if (table.size() + more > bounds.associations()) {
            throw new SaException(
                    SaError.TOO_MANY,
                    Integer.toString(bounds.associations()),
                    "the database holds its " + bounds.associations() + " SAs");
        }
    }

    private void requirePlace(Now now, SaParameters parameters) {
        if (parameters.direction() == Direction.INBOUND) {
            table.spis().release(now.nanos());
            table.requireFree(parameters.spi());
        }
        table.requireUnique(parameters);
    }

    private static void requireOwner(SadbEntry entry, Origin origin) {
        if (!entry.owner().equals(origin.principal())) {
            throw new SaException(
                    SaError.NOT_PERMITTED,
                    entry.id().toString(),
                    "SA " + entry.id() + " belongs to " + entry.owner() + ", not to " + origin.principal());
        }
    }

    private static void requireAsReserved(SadbEntry larval, SaParameters parameters) {
        boolean same = parameters.direction() == Direction.INBOUND
                && parameters.spi().equals(larval.spi())
                && parameters.peer().equals(larval.peer())
                && parameters.local().equals(larval.local());
        if (!same) {
            throw new SaException(
                    SaError.IMMUTABLE,
                    larval.id().toString(),
                    "SA " + larval.id() + " was reserved as inbound SPI " + larval.spi() + " of " + larval.peer()
                            + " at local \"" + larval.local() + "\"");
        }
    }

    private static void requireDirection(SaParameters parameters, Direction direction) {
        if (parameters.direction() != direction) {
            throw new SaException(
                    SaError.MALFORMED,
                    parameters.direction().name(),
                    "SPI " + parameters.spi() + " is " + parameters.direction() + "; " + direction + " expected");
        }
    }

    private static <R> R owning(Verb<R> verb, TrafficKeys... owned) {
        boolean done = false;
        try {
            R result = verb.run();
            done = true;
            return result;
        } finally {
            if (!done) {
                for (TrafficKeys keys : owned) {
                    keys.close();
                }
            }
        }
    }

    @FunctionalInterface
    private interface Verb<R> {
        R run();
    }

    /** What an Add or a completion asks for, to tell a repetition from another request. */
    private record InstallContent(
            SaParameters parameters, KeyRegistry.Prints prints, String pairName, @Nullable SaSelector sa) {}

    /** What an InstallPair asks for. */
    private record PairContent(
            SaParameters inbound,
            KeyRegistry.Prints inboundPrints,
            SaParameters outbound,
            KeyRegistry.Prints outboundPrints,
            PairId supersedes) {}

    /** The changes and events of one step, in the making. */
    private final class Transaction {
        private final Now now;
        private final String principal;
        private final List<Change> changes = new ArrayList<>();
        private final List<SadbEvent> events = new ArrayList<>();

        Transaction(Now now, String principal) {
            this.now = now;
            this.principal = principal;
        }

        <R> Step<R> step(R reply) {
            return new Step<>(reply, changes, events);
        }

        SadbEntry install(SadbEntry unscoped, TrafficKeys trafficKeys) {
            SaParameters parameters = unscoped.installedParameters();
            SadbEntry entry = unscoped.scoped(policies.scopeOf(parameters), unscoped.revision());
            KeyRecord key = entry.key();
            if (key == null) {
                throw new IllegalStateException("SA " + entry.id() + " has no key record");
            }
            table.enter(entry);
            changes.add(new Change.Installed(
                    entry,
                    new SecurityAssociation(entry.id(), entry.pairId(), parameters, trafficKeys),
                    entry.supersedes(),
                    key.end(parameters.direction()).mark,
                    Confirmation.CONFIRMED));
            return entry;
        }

        void delete(List<SadbEntry> ending) {
            // The outbound SA seals its close_notify while its pair is whole, whichever comes first in the list.
            List<SaId> notifying = ending.stream()
                    .filter(entry -> entry.direction() == Direction.OUTBOUND && isWhole(entry))
                    .map(SadbEntry::id)
                    .toList();
            Set<SaId> notifyingIds = Set.copyOf(notifying);
            for (SadbEntry listed : ending) {
                // The end of its partner may have made another version of it.
                SadbEntry entry = table.require(new SaSelector.ById(listed.id()));
                SadbEntry ended = end(entry, notifyingIds.contains(entry.id()));
                events.add(new SadbEvent.Deleted(ended, now.wall(), principal));
            }
        }

        private boolean isWhole(SadbEntry entry) {
            Pair pair = entry.pair();
            return pair != null && pair.isWhole();
        }

        void expireByTime(SadbEntry entry) {
            if (entry.state() == SaState.LARVAL) {
                expire(entry, ExpireCause.TIME);
                return;
            }
            Optional<ExpireCause> hard = Lifetimes.hardMet(entry, now.nanos());
            if (hard.isPresent()) {
                expire(entry, hard.get());
                return;
            }
            ExpireCause soft = Lifetimes.softMet(entry, now.nanos())
                    .orElseThrow(() -> new IllegalStateException(entry + " is not due"));
            age(entry, soft);
        }

        void expire(SadbEntry entry, ExpireCause cause) {
            SadbEntry ended = end(entry, false);
            events.add(new SadbEvent.Expired(ended, now.wall(), true, cause));
        }

        void age(SadbEntry entry, ExpireCause cause) {
            SadbEntry aged = entry.in(SaState.DYING, ++revision);
            table.replaceAndPlan(aged);
            changes.add(new Change.Aged(aged));
            events.add(new SadbEvent.Expired(aged, now.wall(), false, cause));
        }

        private SadbEntry end(SadbEntry entry, boolean closeNotify) {
            boolean installed = entry.state() != SaState.LARVAL;
            SadbEntry ended = entry.in(SaState.DEAD, ++revision);
            // Leaving first: whether the SPI stays named by a chain depends on what is left of the pair.
            pairs.leave(entry);
            table.remove(ended, now.nanos());
            changes.add(new Change.Ended(ended, installed, closeNotify));
            return ended;
        }
    }
}
