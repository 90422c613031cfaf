// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.sa.Direction;
import dev.samd.sa.History;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The verbs that bring SAs in: GETSPI, ADD, UPDATE of a LARVAL SA, and both SAs of a pair at once. Each looks at everything
 * first and changes something only when nothing stands against it. Confined to its database's thread.
 */
final class Installer {
    /** A credential that ends later never ends, so that nanoseconds never overflow. */
    private static final Duration LONGEST_TOKEN = Duration.ofDays(100 * 365);

    private final Database db;

    Installer(Database db) {
        this.db = db;
    }

    Step<SadbEntry> getSpi(Now now, GetSpi request) {
        Acquire acquire = db.acquires.answered(request.origin(), request.peer(), request.local());
        db.requireRoom(request.origin().caller(), 1, 1);
        db.table.spis().release(now.nanos());
        Spi spi = db.allocator.allocate(db.table.spis(), request.range());
        // In answer to an ACQUIRE it lives as long as the claim.
        long end = acquire == null ? now.nanos() + db.timings().larval().toNanos() : Lifetimes.NEVER;
        SadbEntry entry = SadbEntry.larval(db.nextId(), db.nextRevision(), spi, request, now, end);
        db.table.enter(entry);
        db.acquires.reserved(acquire, entry);
        Transaction transaction = new Transaction(db, now, request.origin().principal());
        transaction.change(new Change.Reserved(entry));
        transaction.tell(new SadbEvent.Reserved(entry, now.wall(), transaction.principal()));
        return transaction.step(entry);
    }

    Step<SadbEntry> add(Now now, Add request) {
        return owning(() -> doAdd(now, request), List.of(request.keys()), null);
    }

    private Step<SadbEntry> doAdd(Now now, Add request) {
        Origin origin = request.origin();
        SaParameters parameters = request.parameters();
        request.keys().requireFor(parameters.suite());
        KeyRegistry.Prints prints = db.keys.prints(request.keys());
        KeyPrint content = db.keys.print(new InstallContent(parameters, prints, request.pairName(), null).text());
        Optional<SadbEntry> before = db.requests.recall(origin, content).map(Answer::first);
        if (before.isPresent()) {
            request.keys().close();
            return Step.unchanged(before.get());
        }
        Acquire acquire = answered(now, origin, parameters);
        db.requireRoom(origin.caller(), 1, 0);
        db.requirePlace(now, parameters, origin.caller());
        Pair joined = joinable(origin, request.pairName(), parameters);
        KeyRegistry.Claim claim = db.keys.check(parameters, prints);

        Transaction transaction = new Transaction(db, now, origin.principal());
        SadbEntry fresh = SadbEntry.mature(db.nextId(), db.nextRevision(), made(now, claim), origin, now);
        SadbEntry entry = inNamedPair(origin, request.pairName(), joined, fresh);
        transaction.install(entry, request.keys());
        transaction.tell(new SadbEvent.Added(entry, now.wall(), origin.principal()));
        db.acquires.installed(transaction, acquire, entry);
        db.requests.remember(transaction, origin, new Answer(content, entry, null));
        return transaction.step(entry);
    }

    Step<SadbEntry> complete(Now now, Complete request) {
        return owning(() -> doComplete(now, request), List.of(request.keys()), null);
    }

    private Step<SadbEntry> doComplete(Now now, Complete request) {
        Origin origin = request.origin();
        SaParameters parameters = request.parameters();
        request.keys().requireFor(parameters.suite());
        KeyRegistry.Prints prints = db.keys.prints(request.keys());
        KeyPrint content =
                db.keys.print(new InstallContent(parameters, prints, request.pairName(), request.sa()).text());
        Optional<SadbEntry> before = db.requests.recall(origin, content).map(Answer::first);
        if (before.isPresent()) {
            request.keys().close();
            return Step.unchanged(before.get());
        }
        Acquire acquire = answered(now, origin, parameters);
        SadbEntry larval = db.table.require(request.sa(), origin.caller());
        requireOwner(larval, origin);
        if (larval.state() != SaState.LARVAL) {
            throw new SaException(
                    SaError.IMMUTABLE,
                    larval.id().toString(),
                    "SA " + larval.id() + " is " + larval.state()
                            + ": its keys cannot change, a re-key needs a new SPI");
        }
        requireAsReserved(larval, origin, parameters, false);
        db.table.requireUnique(parameters, origin.caller());
        Pair joined = joinable(origin, request.pairName(), parameters);
        KeyRegistry.Claim claim = db.keys.check(parameters, prints);

        Transaction transaction = new Transaction(db, now, origin.principal());
        SadbEntry fresh = larval.completed(db.nextRevision(), made(now, claim), now);
        SadbEntry entry = inNamedPair(origin, request.pairName(), joined, fresh);
        transaction.install(entry, request.keys());
        transaction.tell(new SadbEvent.Updated(entry, now.wall(), origin.principal()));
        db.acquires.installed(transaction, acquire, entry);
        db.requests.remember(transaction, origin, new Answer(content, entry, null));
        return transaction.step(entry);
    }

    Step<InstalledPair> installPair(Now now, InstallPair request) {
        return owning(
                () -> doInstallPair(now, request),
                List.of(request.inboundKeys(), request.outboundKeys()),
                request.kmpPrivate());
    }

    private Step<InstalledPair> doInstallPair(Now now, InstallPair request) {
        Origin origin = request.origin();
        SaParameters in = request.inbound();
        SaParameters out = request.outbound();
        request.requireWellFormed();
        requireDirection(in, Direction.INBOUND);
        requireDirection(out, Direction.OUTBOUND);
        PairTable.requireAlike(in, out);
        request.inboundKeys().requireFor(in.suite());
        request.outboundKeys().requireFor(out.suite());
        KeyRegistry.Prints inPrints = db.keys.prints(request.inboundKeys());
        KeyRegistry.Prints outPrints = db.keys.prints(request.outboundKeys());
        KeyPrint content =
                db.keys.print(PairContent.of(request, inPrints, outPrints, db.keys.print(request.kmpPrivate()))
                        .text());
        Optional<InstalledPair> before = db.requests.recall(origin, content).map(Answer::pair);
        if (before.isPresent()) {
            request.inboundKeys().close();
            request.outboundKeys().close();
            request.kmpPrivate().close();
            return Step.unchanged(before.get());
        }
        Acquire acquire = answered(now, origin, out);
        answered(now, origin, in);
        SadbEntry larval = reservedBy(origin, in);
        db.requireRoom(origin.caller(), larval == null ? 2 : 1, 0);
        if (larval == null) {
            db.requirePlace(now, in, origin.caller());
        } else {
            db.table.requireUnique(in, origin.caller());
        }
        db.requirePlace(now, out, origin.caller());
        Pair superseded = superseded(acquire, request);
        if (request.unconfirmed()) {
            db.confirmations.requireRoom(origin.principal());
        }
        KeyRegistry.Claim inClaim = db.keys.check(in, inPrints);
        KeyRegistry.Claim outClaim = db.keys.check(out, outPrints);
        KeyRegistry.checkTogether(inClaim, outClaim);

        Transaction transaction = new Transaction(db, now, origin.principal());
        Pair pair = db.pairs.create(new PairId(db.nextId().value()), request, superseded);
        SadbEntry inbound = larval == null
                ? SadbEntry.mature(db.nextId(), db.nextRevision(), made(now, inClaim), origin, now)
                : larval.completed(db.nextRevision(), made(now, inClaim), now);
        SadbEntry outbound = SadbEntry.mature(db.nextId(), db.nextRevision(), made(now, outClaim), origin, now);
        InstalledPair reply = install(transaction, request, pair, inbound, outbound);
        String principal = origin.principal();
        transaction.tell(
                larval == null
                        ? new SadbEvent.Added(reply.inbound(), now.wall(), principal)
                        : new SadbEvent.Updated(reply.inbound(), now.wall(), principal));
        transaction.tell(new SadbEvent.Added(reply.outbound(), now.wall(), principal));
        db.acquires.installed(transaction, acquire, reply.inbound());
        db.acquires.installed(transaction, acquire, reply.outbound());
        if (pair.isUnconfirmed()) {
            db.confirmations.entered(transaction, pair, principal, in.identity());
        } else {
            db.successions.confirmed(transaction, pair);
        }
        db.requests.remember(transaction, origin, new Answer(content, reply.inbound(), reply.outbound()));
        return transaction.step(reply);
    }

    private InstalledPair install(
            Transaction transaction, InstallPair request, Pair pair, SadbEntry freshIn, SadbEntry freshOut) {
        SadbEntry inbound = freshIn;
        SadbEntry outbound = freshOut;
        if (pair.isUnconfirmed()) {
            long deadline = db.confirmations.deadline(pair, transaction.nanos());
            inbound = inbound.waitingUntil(deadline);
            outbound = outbound.waitingUntil(deadline);
        }
        inbound = db.pairs.join(pair, inbound);
        transaction.install(inbound, request.inboundKeys());
        outbound = db.pairs.join(pair, outbound);
        transaction.install(outbound, request.outboundKeys());
        return new InstalledPair(inbound.withPartner(outbound.id()), outbound);
    }

    private @Nullable Pair superseded(@Nullable Acquire acquire, InstallPair request) {
        PairId id = request.supersedes();
        boolean asked =
                acquire != null && !id.isNone() && acquire.need.replaces().equals(id);
        if (asked && db.pairs.find(id) == null) {
            // It ended while its successor was made: the successor is all the more needed.
            return null;
        }
        return db.pairs.supersedable(id, request.inbound(), request.origin().caller());
    }

    /** The ACQUIRE that an SA answers, if it answers one; the SA is what was asked for, and its maker may say so. */
    private @Nullable Acquire answered(Now now, Origin origin, SaParameters parameters) {
        String kmp = parameters.identity().kmp();
        if (!kmp.equals(PolicyEntry.MANUAL)) {
            db.kmps.requireMaySpeakAs(kmp, origin.principal());
        } else if (db.forgetful && parameters.history() instanceof History.Fresh) {
            throw new SaException(
                    SaError.KEY_REUSED,
                    parameters.spi().toString(),
                    "the store went back once and may have forgotten the key of SPI " + parameters.spi()
                            + ": say where its numbers go on, or take another key");
        }
        Acquire acquire = db.acquires.answered(origin, parameters.peer(), parameters.local());
        db.acquires.requireAsked(now, acquire, parameters);
        tokenEnd(now, parameters);
        return acquire;
    }

    private SadbEntry.Made made(Now now, KeyRegistry.Claim claim) {
        SaParameters parameters = claim.parameters();
        boolean sends = parameters.direction() == Direction.OUTBOUND;
        KeyRecord key = db.keys.enter(claim, sends ? db.bounds.sendBlock() : db.bounds.acceptBlock());
        int most = db.timings().softEarlierPermille();
        return new SadbEntry.Made(
                parameters,
                key,
                db.policies.scopeOf(parameters),
                tokenEnd(now, parameters),
                most == 0 ? 0 : db.random.nextInt(most + 1));
    }

    /** When the credential behind an SA ends, on the monotonic clock. */
    private static long tokenEnd(Now now, SaParameters parameters) {
        Optional<Instant> expires = parameters.rights().expires();
        if (expires.isEmpty()) {
            return Lifetimes.NEVER;
        }
        Duration remains = Duration.between(now.wall(), expires.get());
        if (remains.isNegative() || remains.isZero()) {
            throw new SaException(
                    SaError.SA_EXPIRED,
                    expires.get().toString(),
                    "the credential behind SPI " + parameters.spi() + " ended at " + expires.get());
        }
        return remains.compareTo(LONGEST_TOKEN) > 0 ? Lifetimes.NEVER : now.nanos() + remains.toNanos();
    }

    /** As {@link #tokenEnd}, but one that has ended ends now. */
    static long tokenEndOrNow(Now now, SaParameters parameters) {
        boolean over = parameters
                .rights()
                .expires()
                .filter(end -> !end.isAfter(now.wall()))
                .isPresent();
        return over ? now.nanos() : tokenEnd(now, parameters);
    }

    private @Nullable Pair joinable(Origin origin, String pairName, SaParameters parameters) {
        return pairName.isEmpty() ? null : db.pairs.joinable(origin.principal(), pairName, parameters);
    }

    private SadbEntry inNamedPair(Origin origin, String pairName, @Nullable Pair joined, SadbEntry entry) {
        if (pairName.isEmpty()) {
            return entry;
        }
        Pair pair = joined != null
                ? joined
                : db.pairs.create(new PairId(db.nextId().value()), origin.principal(), pairName);
        return db.pairs.join(pair, entry);
    }

    private @Nullable SadbEntry reservedBy(Origin origin, SaParameters in) {
        SadbEntry entry = db.table.spis().find(in.spi()).map(db.table::find).orElse(null);
        if (entry == null || entry.state() != SaState.LARVAL || !origin.caller().sees(entry)) {
            return null;
        }
        requireOwner(entry, origin);
        // Who answers a stranger has to name an SPI before it can know whom it speaks with.
        requireAsReserved(entry, origin, in, entry.acquireSequence() == 0);
        return entry;
    }

    static void requireOwner(SadbEntry entry, Origin origin) {
        if (!entry.owner().equals(origin.principal())) {
            throw new SaException(
                    SaError.NOT_PERMITTED,
                    entry.id().toString(),
                    "SA " + entry.id() + " belongs to " + entry.owner() + ", not to " + origin.principal());
        }
    }

    /** @param anyPeer whether another peer will do than the one that the SPI was reserved for */
    private static void requireAsReserved(SadbEntry larval, Origin origin, SaParameters parameters, boolean anyPeer) {
        boolean same = parameters.direction() == Direction.INBOUND
                && parameters.spi().equals(larval.spi())
                && (anyPeer || parameters.peer().equals(larval.peer()))
                && parameters.local().equals(larval.local());
        if (!same) {
            throw new SaException(
                    SaError.IMMUTABLE,
                    larval.id().toString(),
                    "SA " + larval.id() + " was reserved as inbound SPI " + larval.spi() + " of " + larval.peer()
                            + " at local \"" + larval.local() + "\"");
        }
        if (larval.acquireSequence() != origin.acquireSequence()) {
            throw new SaException(
                    SaError.STALE_ACQUIRE,
                    Long.toString(origin.acquireSequence()),
                    "SA " + larval.id() + " was reserved in answer to ACQUIRE " + larval.acquireSequence() + ", not to "
                            + origin.acquireSequence());
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

    /** Runs a verb that owns secrets: where it fails, they are closed. */
    private static <R> R owning(Supplier<R> verb, List<TrafficKeys> keys, @Nullable KeyMaterial secret) {
        boolean done = false;
        try {
            R result = verb.get();
            done = true;
            return result;
        } finally {
            if (!done) {
                keys.forEach(TrafficKeys::close);
                if (secret != null) {
                    secret.close();
                }
            }
        }
    }

    /** What an Add or a completion asks for, to tell a repetition from another request. */
    private record InstallContent(
            SaParameters parameters, KeyRegistry.Prints prints, String pairName, @Nullable SaSelector sa) {
        String text() {
            return "one|" + parameters + '|' + prints.text() + '|' + pairName + '|' + sa;
        }
    }

    /** What an InstallPair asks for. */
    private record PairContent(
            SaParameters inbound,
            KeyRegistry.Prints inboundPrints,
            SaParameters outbound,
            KeyRegistry.Prints outboundPrints,
            PairId supersedes,
            @Nullable PairRole role,
            boolean unconfirmed,
            KeyPrint kmpPrivate) {
        static PairContent of(InstallPair request, KeyRegistry.Prints in, KeyRegistry.Prints out, KeyPrint kmpPrivate) {
            return new PairContent(
                    request.inbound(),
                    in,
                    request.outbound(),
                    out,
                    request.supersedes(),
                    request.role(),
                    request.unconfirmed(),
                    kmpPrivate);
        }

        String text() {
            return "pair|" + inbound + '|' + inboundPrints.text() + '|' + outbound + '|' + outboundPrints.text() + '|'
                    + supersedes + '|' + role + '|' + unconfirmed + '|' + kmpPrivate.hex();
        }
    }
}
