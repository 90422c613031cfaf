// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.Policies;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The security-association database: the verbs of RFC 2367 and the passing of time, each one step from (now, request) to
 * (reply, changes, events, notices). Pure and confined to one thread: whoever drives it brings the time and carries the
 * changes out.
 *
 * <p>A verb that throws {@link SaException} has changed nothing. A verb that takes keys owns them: they leave with a
 * {@link Change.Installed}, or are closed.
 */
public final class Sadb {
    /** How many SAs one step of time ends at most, so that a flood of expiries does not shut requests out. */
    private static final int DUE_PER_STEP = 1024;

    /** The usage of an SA that never was used. */
    public static final Usage NO_USAGE = new Usage(0, 0, 0, Usage.NEVER, Usage.NEVER, 0, Map.of());

    private final Database db;
    private final Installer installer;

    /**
     * An empty database, in which anybody may register KMPs.
     *
     * @param born when this life of it began
     * @param random for SPIs, claims, the incarnation and the secret of the key registry
     * @param usages how far SAs have been used
     * @param bounds its bounds
     */
    public Sadb(Now born, RandomGenerator random, UsageView usages, SadbBounds bounds) {
        this(born, random, usages, bounds, Map.of());
    }

    /**
     * An empty database.
     *
     * @param born when this life of it began
     * @param random for SPIs, claims, the incarnation and the secret of the key registry
     * @param usages how far SAs have been used
     * @param bounds its bounds
     * @param kmpPrincipals whose the KMP of a name may be; a name that is absent may be anybody's
     */
    public Sadb(
            Now born,
            RandomGenerator random,
            UsageView usages,
            SadbBounds bounds,
            Map<String, Set<String>> kmpPrincipals) {
        this(born, random, usages, bounds, kmpPrincipals, Birth.fresh(random));
    }

    /**
     * A database that is empty as yet.
     *
     * @param born when this life of it began
     * @param random for SPIs and claims
     * @param usages how far SAs have been used
     * @param bounds its bounds
     * @param kmpPrincipals whose the KMP of a name may be; a name that is absent may be anybody's
     * @param birth how this life of it begins
     */
    public Sadb(
            Now born,
            RandomGenerator random,
            UsageView usages,
            SadbBounds bounds,
            Map<String, Set<String>> kmpPrincipals,
            Birth birth) {
        this.db = new Database(born, random, usages, bounds, kmpPrincipals, birth);
        this.installer = new Installer(db);
    }

    /**
     * Enters what was kept of an earlier life into the empty database. Its changes are durable already: they are for the engine
     * alone. What has expired since does so at the next {@link #tick}.
     *
     * @param follower hears of every change as it is made: there may be millions
     */
    public void restore(Now now, Restored kept, Consumer<Change> follower) {
        new Restorer(db, now, follower).restore(kept);
    }

    /** The present cursor. */
    public Cursor cursor() {
        return new Cursor(db.incarnation, db.revision());
    }

    /** The last id that was given to anything. */
    public long lastId() {
        return db.lastId();
    }

    /** Number of SAs that are not DEAD. */
    public int size() {
        return db.table.size();
    }

    /** Number of ACQUIREs that are open. */
    public int openAcquires() {
        return db.acquires.size();
    }

    /** When {@link #tick} has something to do, in monotonic nanoseconds; empty if never, as things stand. */
    public Optional<Long> nextDeadline() {
        long sas = db.table.nextDeadline().orElse(Lifetimes.NEVER);
        long first = Lifetimes.earlier(sas, Lifetimes.earlier(db.acquires.nextDeadline(), db.rekeys.nextDeadline()));
        return first == Lifetimes.NEVER ? Optional.empty() : Optional.of(first);
    }

    /**
     * GETSPI (RFC 2367 s3.1.1): reserves an inbound SPI as a LARVAL SA.
     *
     * @throws SaException {@link SaError#SPI_IN_USE}, {@link SaError#STALE_ACQUIRE}, {@link SaError#TOO_MANY}
     */
    public Step<SadbEntry> getSpi(Now now, GetSpi request) {
        return installer.getSpi(now, request);
    }

    /**
     * ADD (RFC 2367 s3.1.3): installs one SA as MATURE.
     *
     * @throws SaException {@link SaError#SPI_IN_USE}, {@link SaError#SA_EXISTS}, {@link SaError#INVALID_KEY},
     *     {@link SaError#KEY_REUSED}, {@link SaError#REQUEST_ID_REUSED}, {@link SaError#STALE_ACQUIRE}, …
     */
    public Step<SadbEntry> add(Now now, Add request) {
        return installer.add(now, request);
    }

    /**
     * UPDATE of a LARVAL SA (RFC 2367 s3.1.2): gives it its keys.
     *
     * @throws SaException {@link SaError#NO_SUCH_SA}, {@link SaError#WRONG_STATE}, {@link SaError#IMMUTABLE},
     *     {@link SaError#NOT_PERMITTED}, {@link SaError#STALE_ACQUIRE}, …
     */
    public Step<SadbEntry> complete(Now now, Complete request) {
        return installer.complete(now, request);
    }

    /**
     * UPDATE of a MATURE or DYING SA (RFC 2367 s3.1.2): other limits. A soft limit raised above the usage brings a DYING
     * SA back to MATURE, unless its pair has a successor.
     *
     * @throws SaException {@link SaError#NO_SUCH_SA}, {@link SaError#WRONG_STATE}, {@link SaError#IMMUTABLE},
     *     {@link SaError#NOT_PERMITTED}
     */
    public Step<SadbEntry> changeLifetime(Now now, ChangeLifetime request) {
        if (request.origin().isAsked()) {
            db.acquires.require(request.origin());
        }
        SadbEntry entry = db.table.require(request.sa(), request.origin().caller());
        Installer.requireOwner(entry, request.origin());
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
                && !isReplaced(entry)
                && !Lifetimes.anySoftMet(candidate, db.usages.usage(entry.id()).orElse(NO_USAGE), now.nanos());
        SadbEntry updated = entry.relimited(changed, revived ? SaState.MATURE : entry.state(), db.nextRevision());
        db.table.replaceAndPlan(updated);
        Transaction transaction = new Transaction(db, now, request.origin().principal());
        transaction.change(new Change.Relimited(updated));
        transaction.tell(new SadbEvent.Updated(updated, now.wall(), transaction.principal()));
        return transaction.step(updated);
    }

    private static boolean isReplaced(SadbEntry entry) {
        Pair pair = entry.pair();
        return pair != null && pair.isReplaced();
    }

    /**
     * Installs both SAs of a pair, or none.
     *
     * @throws SaException as {@link #add}; also {@link SaError#NO_SUCH_SA} for an unknown pair to supersede and
     *     {@link SaError#IDENTITY_NOT_AUTHORIZED} for a peer that an ACQUIRE does not name
     */
    public Step<InstalledPair> installPair(Now now, InstallPair request) {
        return installer.installPair(now, request);
    }

    /**
     * DELETE (RFC 2367 s3.1.4): ends one SA, or the pair it belongs to.
     *
     * @throws SaException {@link SaError#NO_SUCH_SA}, {@link SaError#AMBIGUOUS_SA}, {@link SaError#NOT_PERMITTED}
     */
    public Step<List<SaId>> delete(Now now, SadbCaller caller, SaSelector sa, boolean wholePair) {
        SadbEntry entry = db.table.require(sa, caller);
        List<SadbEntry> ending = new ArrayList<>();
        ending.add(entry);
        if (wholePair) {
            entry.partner().map(db.table::find).ifPresent(ending::add);
        }
        for (SadbEntry each : ending) {
            if (!caller.mayEnd(each)) {
                throw new SaException(
                        SaError.NOT_PERMITTED,
                        each.id().toString(),
                        "SA " + each.id() + " belongs to " + each.owner() + ", not to " + caller.principal());
            }
        }
        Transaction transaction = new Transaction(db, now, caller.principal());
        transaction.delete(ending);
        return transaction.step(ending.stream().map(SadbEntry::id).toList());
    }

    /**
     * GET (RFC 2367 s3.1.5).
     *
     * @throws SaException {@link SaError#NO_SUCH_SA}, {@link SaError#AMBIGUOUS_SA}
     */
    public SadbEntry get(SaSelector sa, SadbCaller caller) {
        return db.table.require(sa, caller);
    }

    /** The same among all SAs: for the daemon itself. */
    public SadbEntry get(SaSelector sa) {
        return get(sa, SadbCaller.of(""));
    }

    /**
     * FLUSH (RFC 2367 s3.1.9): ends every SA that fits, and gives their number. Claims to ACQUIREs for the like end, and
     * what is still needed is asked for anew. What a key was used for is not forgotten.
     */
    public Step<Long> flush(Now now, String principal, SaFilter filter) {
        List<SadbEntry> ending = db.table.all().stream().filter(filter).toList();
        Transaction transaction = new Transaction(db, now, principal);
        transaction.delete(ending);
        transaction.tell(new SadbEvent.Flushed(db.nextRevision(), now.wall(), principal, ending.size()));
        db.acquires.flushed(transaction, filter);
        return transaction.step((long) ending.size());
    }

    /** DUMP (RFC 2367 s3.1.10): the SAs that fit and that the caller sees, as they are at the present revision. */
    public Snapshot dump(SaFilter filter, SadbCaller caller) {
        return new Snapshot(
                cursor(),
                db.table.all().stream().filter(filter).filter(caller::sees).toList());
    }

    /** All SAs that fit, as they are at the present revision. */
    public Snapshot dump(SaFilter filter) {
        return new Snapshot(cursor(), db.table.all().stream().filter(filter).toList());
    }

    /** The policies that stand. */
    public Policies policies() {
        return db.policies;
    }

    /**
     * Other policies stand from now on: every SA gets the scope that they give it, and claims to ACQUIREs end. Gives the
     * number of SAs that changed.
     */
    public Step<Integer> policyChanged(Now now, String principal, Policies changed) {
        db.policies = changed;
        long governed = db.nextRevision();
        Transaction transaction = new Transaction(db, now, principal);
        transaction.change(new Change.Governed(governed, changed));
        int rescoped = 0;
        for (SadbEntry entry : List.copyOf(db.table.all())) {
            Set<Endpoint> scope = entry.parameters().map(changed::scopeOf).orElse(Set.of());
            if (!scope.equals(entry.scope())) {
                SadbEntry other = entry.scoped(scope, governed);
                db.table.replace(other);
                transaction.change(new Change.Rescoped(other));
                rescoped++;
            }
        }
        transaction.tell(new SadbEvent.PoliciesChanged(governed, now.wall(), principal, changed.size()));
        db.acquires.policiesChanged(transaction);
        return transaction.step(rescoped);
    }

    /**
     * REGISTER (RFC 2367 s3.1.7): a KMP serves from now on.
     *
     * @return the number of its registration, never used again
     * @throws SaException {@link SaError#ALREADY_REGISTERED}, {@link SaError#NOT_PERMITTED}, {@link SaError#MALFORMED} for
     *     a resource that is no path
     */
    public Step<Long> register(Now now, KmpRegistration registration) {
        // Refuses what is no path, while nothing has changed.
        db.policies.withResources(registration.resources());
        KmpRegistry.Registered registered = db.kmps.register(registration);
        Transaction transaction = new Transaction(db, now, registration.principal());
        transaction.tell(
                new SadbEvent.Registered(db.nextRevision(), now.wall(), registration.principal(), registration.name()));
        openResources(transaction, registration);
        db.rekeys.registered(registration.name(), now.nanos());
        return transaction.step(registered.number());
    }

    /** The resources of the KMPs that serve are open to everybody. */
    private void openResources(Transaction transaction, KmpRegistration changed) {
        if (!changed.resources().isEmpty()) {
            db.policies = db.policies.withResources(db.kmps.resources());
            transaction.change(new Change.Governed(db.revision(), db.policies));
        }
    }

    /** A KMP serves no more: what it worked on goes to the next ones. False if it did not serve. */
    public Step<Boolean> unregister(Now now, long kmp) {
        KmpRegistry.Registered gone = db.kmps.unregister(kmp);
        if (gone == null) {
            return Step.unchanged(false);
        }
        Transaction transaction = new Transaction(db, now, gone.principal());
        transaction.tell(new SadbEvent.Unregistered(db.nextRevision(), now.wall(), gone.principal(), gone.name()));
        openResources(transaction, gone.registration());
        db.acquires.unregistered(transaction, gone);
        return transaction.step(true);
    }

    /** The number of the registration of the KMP that made an SA, while it serves. */
    public Optional<Long> makerOf(SadbEntry entry) {
        return entry.parameters()
                .map(parameters -> db.kmps.find(parameters.identity().kmp(), entry.owner()))
                .map(KmpRegistry.Registered::number);
    }

    /**
     * Somebody needs SAs, and waits for them.
     *
     * @return the number under which {@link Notice.Released} or {@link Notice.Refused} comes
     * @throws SaException {@link SaError#NO_KMP}, {@link SaError#HELD_DOWN}, {@link SaError#TOO_MANY}
     */
    public Step<Long> acquire(Now now, Need need) {
        Transaction transaction = new Transaction(db, now, "");
        return transaction.step(db.acquires.join(transaction, need));
    }

    /** What would come of {@link #acquire}, which is not done. */
    public Outlook outlook(Now now, Need need) {
        return db.acquires.outlook(need, now.nanos());
    }

    /** One of those who wait under a number waits no more. */
    public void left(long number) {
        db.acquires.leave(number);
    }

    /** A KMP accepts an ACQUIRE that it was offered, and gets the claim to it. */
    public Step<Boolean> accept(Now now, long kmp, long sequence) {
        Transaction transaction = new Transaction(db, now, "");
        db.acquires.accept(transaction, kmp, sequence);
        return transaction.step(true);
    }

    /** A KMP does not want an ACQUIRE. */
    public Step<Boolean> decline(Now now, long kmp, long sequence, String reason) {
        Transaction transaction = new Transaction(db, now, "");
        db.acquires.decline(transaction, kmp, sequence, reason);
        return transaction.step(true);
    }

    /** A KMP has made a step of its work. */
    public Step<Boolean> progress(Now now, long kmp, long sequence) {
        Transaction transaction = new Transaction(db, now, "");
        db.acquires.progress(transaction, kmp, sequence);
        return transaction.step(true);
    }

    /**
     * A negative ACQUIRE (RFC 2367 s3.1.6): the KMP that works on it failed.
     *
     * @param errno why, as a Linux error number
     * @param reason why, in a few words
     * @throws SaException {@link SaError#STALE_ACQUIRE}
     */
    public Step<Boolean> failAcquire(Now now, Origin origin, int errno, String reason) {
        Transaction transaction = new Transaction(db, now, origin.principal());
        db.acquires.fail(transaction, origin, errno, reason);
        return transaction.step(true);
    }

    /** The pairs that a principal installed as one KMP, each with what it gave along. */
    public List<RecalledPair> recall(String principal, String kmp) {
        List<RecalledPair> recalled = new ArrayList<>();
        for (Pair pair : db.pairs.all()) {
            @Nullable SadbEntry inbound = member(pair, Direction.INBOUND);
            @Nullable SadbEntry outbound = member(pair, Direction.OUTBOUND);
            if (inbound != null
                    && outbound != null
                    && !inbound.suspended()
                    && inbound.owner().equals(principal)
                    && inbound.installedParameters().identity().kmp().equals(kmp)) {
                recalled.add(new RecalledPair(inbound, outbound, pair.kmpPrivate()));
            }
        }
        return recalled;
    }

    private @Nullable SadbEntry member(Pair pair, Direction direction) {
        SaId id = pair.member(direction);
        return id == null ? null : db.table.find(id);
    }

    /** Whether a KMP of a principal serves. */
    public boolean isKmp(String principal) {
        return db.kmps.isOf(principal);
    }

    /** Time has passed: what is due expires. A bounded number at once; {@link #nextDeadline} tells of the rest. */
    public Step<Integer> tick(Now now) {
        db.table.spis().release(now.nanos());
        Transaction transaction = new Transaction(db, now, "");
        int due = 0;
        while (due < DUE_PER_STEP) {
            SadbEntry entry = db.table.nextDue(now.nanos());
            if (entry == null) {
                break;
            }
            due++;
            expireByTime(transaction, entry);
        }
        db.acquires.tick(transaction);
        db.rekeys.tick(transaction);
        return transaction.step(due);
    }

    private void expireByTime(Transaction transaction, SadbEntry entry) {
        Pair pair = entry.pair();
        long now = transaction.nanos();
        Optional<ExpireCause> hard = Lifetimes.hardMet(entry, now);
        if (hard.isPresent()) {
            transaction.expire(entry, hard.get());
        } else if (entry.unconfirmed()
                && pair != null
                && !pair.isReplaced()
                && Lifetimes.isMet(entry.endNanos(), now)) {
            db.confirmations.timedOut(transaction, pair);
        } else if (Lifetimes.isMet(entry.endNanos(), now)) {
            transaction.expire(entry, ExpireCause.TIME);
        } else {
            ExpireCause soft =
                    Lifetimes.softMet(entry, now).orElseThrow(() -> new IllegalStateException(entry + " is not due"));
            transaction.age(entry, soft);
        }
    }

    /** The engine has met a soft limit of an SA. */
    public Step<Boolean> soft(Now now, SaId id, ExpireCause cause) {
        SadbEntry entry = db.table.find(id);
        if (entry == null || entry.state() != SaState.MATURE || Lifetimes.hardComesFirst(entry, cause)) {
            return Step.unchanged(false);
        }
        Transaction transaction = new Transaction(db, now, "");
        transaction.age(entry, cause);
        return transaction.step(true);
    }

    /** The engine has met a hard limit of an SA. Too many forgeries end nothing: the engine alone stops opening. */
    public Step<Boolean> hard(Now now, SaId id, ExpireCause cause) {
        SadbEntry entry = db.table.find(id);
        if (entry == null
                || entry.state() == SaState.LARVAL
                || (entry.forgeryLimitMet() && cause == ExpireCause.FORGERY)) {
            return Step.unchanged(false);
        }
        Transaction transaction = new Transaction(db, now, "");
        if (cause == ExpireCause.FORGERY) {
            SadbEntry stopped = entry.withForgeryLimitMet(db.nextRevision());
            db.table.replace(stopped);
            transaction.change(new Change.Noted(stopped));
            transaction.tell(new SadbEvent.Expired(stopped, now.wall(), true, cause));
        } else {
            transaction.expire(entry, cause);
        }
        return transaction.step(true);
    }

    /** The first good record came under a pair that waited for it: whatever it supersedes begins to end. */
    public Step<Boolean> confirmed(Now now, SaId inbound) {
        Transaction transaction = new Transaction(db, now, "");
        return transaction.step(db.confirmations.confirmed(transaction, inbound));
    }

    /** Somebody says that the peer of an SA has it no more: nothing ends, and its KMP may be asked for a successor. */
    public Step<Boolean> disowned(Now now, SaId outbound) {
        SadbEntry entry = db.table.find(outbound);
        if (entry == null || entry.pair() == null) {
            return Step.unchanged(false);
        }
        Transaction transaction = new Transaction(db, now, "");
        return transaction.step(db.disowned.heard(transaction, entry, entry.pair()));
    }

    /** Failed openings of an SA have reached the alarm level. */
    public Step<Boolean> alarm(Now now, SaId id) {
        SadbEntry entry = db.table.find(id);
        if (entry == null) {
            return Step.unchanged(false);
        }
        SadbEntry alarmed = entry.atRevision(db.nextRevision());
        db.table.replace(alarmed);
        Transaction transaction = new Transaction(db, now, "");
        transaction.tell(new SadbEvent.Alarmed(alarmed, now.wall()));
        return transaction.step(true);
    }

    /** An SA was used for the first time: its limits of use time begin, and a DYING one is worth a successor. */
    public Step<Boolean> used(Now now, SaId id, long firstUseNanos) {
        SadbEntry entry = db.table.find(id);
        if (entry == null || entry.firstUsedNanos() != Usage.NEVER) {
            return Step.unchanged(false);
        }
        SadbEntry used = entry.withFirstUse(firstUseNanos);
        db.table.replaceAndPlan(used);
        Transaction transaction = new Transaction(db, now, "");
        transaction.change(new Change.Noted(used));
        if (used.state() == SaState.DYING) {
            db.rekeys.wanted(transaction, used);
        }
        return transaction.step(true);
    }

    /**
     * A mark of an SA is about to be raised: numbers below it count as used from now on, whatever becomes of that.
     *
     * @return the key that it belongs to; empty for an SA that ends or is suspended, whose marks rise no more
     */
    public Optional<KeyPrint> marked(SaId id, Direction direction, long mark) {
        SadbEntry entry = db.table.find(id);
        KeyRecord key = entry == null || entry.suspended() ? null : entry.key();
        if (key == null) {
            return Optional.empty();
        }
        key.raise(direction, mark);
        return Optional.of(key.print());
    }

    /** The engine has retired an SA that ended, and these are its exact numbers: the key is free from there on. */
    public void retired(SadbEntry ended, Usage exact) {
        KeyRecord key = ended.key();
        if (key != null) {
            key.release(ended.direction(), exact.nextSequence());
        }
    }
}
