// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.sadb.AcquireView.State;
import dev.samd.daemon.sadb.KmpRegistry.Registered;
import dev.samd.engine.Confirmation;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The needs that are open (ACQUIRE, RFC 2367 s3.1.6): one entry for each, however many wait for it. Offered to one KMP at a
 * time, in the order of the policy, so that no two negotiate for one need; whoever accepts gets a claim, and only with it an
 * answer counts. Confined to its database's thread.
 */
final class AcquireTable {
    private static final int CLAIM_LENGTH = 16;

    private final Database db;
    private final HoldDowns holdDowns;
    private final Map<Need.Key, Acquire> byNeed = new HashMap<>();
    private final Map<Long, Acquire> byNumber = new LinkedHashMap<>();
    private final Map<Long, Acquire> bySequence = new HashMap<>();
    private final TreeSet<Acquire> byDeadline = new TreeSet<>(
            ((Comparator<Acquire>) (a, b) -> Long.signum(a.deadline - b.deadline)).thenComparingLong(a -> a.number));
    private long lastNumber;
    private long lastSequence;
    private int waiting;

    AcquireTable(Database db) {
        this.db = db;
        this.holdDowns = new HoldDowns(db.timings());
        // Random, so that an answer to an ACQUIRE of an earlier life does not fit one of this.
        this.lastSequence = Integer.toUnsignedLong(db.random.nextInt());
    }

    int size() {
        return byNumber.size();
    }

    /**
     * One more waits for SAs: joins the need if it is open, opens it else.
     *
     * @return the number under which notices come
     * @throws SaException {@link SaError#NO_KMP}, {@link SaError#HELD_DOWN}, {@link SaError#TOO_MANY}
     */
    long join(Transaction transaction, Need need) {
        if (waiting >= db.bounds.waiters()) {
            throw new SaException(
                    SaError.TOO_MANY,
                    need.target().uri(),
                    db.bounds.waiters() + " calls wait for SAs already, none more for " + need.toText());
        }
        Acquire acquire = byNeed.get(need.key());
        if (acquire == null) {
            acquire = open(transaction, need, 1);
        } else {
            acquire.waiting++;
        }
        waiting++;
        return acquire.number;
    }

    /** One waits no more. */
    void leave(long number) {
        Acquire acquire = byNumber.get(number);
        if (acquire != null && acquire.waiting > 0) {
            acquire.waiting--;
            waiting--;
        }
    }

    /** What would come of one more that waits for SAs. */
    Outlook outlook(Need need, long now) {
        Acquire open = byNeed.get(need.key());
        if (open != null) {
            State state = open.isClaimed() ? State.CLAIMED : State.OFFERED;
            return new Outlook(Optional.of(open.view(state, "")), List.of(), Optional.empty());
        }
        List<String> kmps = need.kmps().stream()
                .filter(name -> db.kmps.find(name, need.owner()) != null)
                .toList();
        Optional<SaException> refusal = holdDowns.refusal(need, now);
        if (refusal.isEmpty() && kmps.isEmpty()) {
            refusal = Optional.of(noKmp(need));
        }
        return new Outlook(Optional.empty(), kmps, refusal);
    }

    /**
     * Asks for a successor of a pair, unless that is being done.
     *
     * @return when to ask again, or {@link Lifetimes#NEVER} if it is being asked for
     */
    long ask(Transaction transaction, Need need) {
        if (byNeed.containsKey(need.key())) {
            return Lifetimes.NEVER;
        }
        try {
            open(transaction, need, 0);
            return Lifetimes.NEVER;
        } catch (SaException e) {
            return holdDowns.failed(need.key(), transaction.nanos(), e.getMessage());
        }
    }

    private Acquire open(Transaction transaction, Need need, int waiters) {
        Optional<SaException> heldDown = holdDowns.refusal(need, transaction.nanos());
        if (heldDown.isPresent()) {
            throw heldDown.get();
        }
        Acquire acquire = null;
        int next = 0;
        while (acquire == null && next < need.kmps().size()) {
            Registered kmp = db.kmps.find(need.kmps().get(next++), need.owner());
            acquire = kmp == null ? null : new Acquire(lastNumber + 1, need, kmp);
        }
        if (acquire == null) {
            throw noKmp(need);
        }
        if (byNumber.size() >= db.bounds.acquires()) {
            throw new SaException(
                    SaError.TOO_MANY,
                    need.target().uri(),
                    db.bounds.acquires() + " ACQUIREs are open already, none more for " + need.toText());
        }
        acquire.next = next;
        acquire.waiting = waiters;
        lastNumber++;
        byNeed.put(need.key(), acquire);
        byNumber.put(acquire.number, acquire);
        byDeadline.add(acquire);
        renumber(acquire);
        offer(transaction, acquire, acquire.kmp);
        return acquire;
    }

    private static SaException noKmp(Need need) {
        return new SaException(
                SaError.NO_KMP,
                need.target().uri(),
                "none of the KMPs that may make " + need.toText() + " is registered: " + need.kmps());
    }

    private @Nullable Registered nextCandidate(Acquire acquire) {
        List<String> names = acquire.need.kmps();
        while (acquire.next < names.size()) {
            Registered kmp = db.kmps.find(names.get(acquire.next++), acquire.need.owner());
            if (kmp != null) {
                return kmp;
            }
        }
        return null;
    }

    private void renumber(Acquire acquire) {
        bySequence.remove(acquire.sequence);
        do {
            lastSequence = (lastSequence + 1) & 0xffff_ffffL;
        } while (lastSequence == 0 || bySequence.containsKey(lastSequence));
        acquire.sequence = lastSequence;
        bySequence.put(lastSequence, acquire);
    }

    private void offer(Transaction transaction, Acquire acquire, Registered kmp) {
        acquire.kmp = kmp;
        acquire.claim = Octets.EMPTY;
        acquire.verdict = null;
        due(acquire, transaction.nanos() + db.timings().accept().toNanos());
        tell(transaction, acquire, State.OFFERED, "");
        transaction.give(new Notice.Offered(
                kmp.number(), acquire.sequence, acquire.need, db.timings().work()));
    }

    private void due(Acquire acquire, long deadline) {
        byDeadline.remove(acquire);
        acquire.deadline = deadline;
        byDeadline.add(acquire);
    }

    private void tell(Transaction transaction, Acquire acquire, State state, String reason) {
        transaction.tell(
                new SadbEvent.Acquiring(db.nextRevision(), transaction.now().wall(), acquire.view(state, reason)));
    }

    /** A KMP accepts: it gets the claim. */
    void accept(Transaction transaction, long kmp, long sequence) {
        Acquire acquire = of(transaction, kmp, sequence);
        if (acquire == null) {
            return;
        }
        if (!acquire.isClaimed()) {
            byte[] claim = new byte[CLAIM_LENGTH];
            db.random.nextBytes(claim);
            acquire.claim = Octets.of(claim);
            acquire.claimedNanos = transaction.nanos();
            due(acquire, acquire.claimedNanos + db.timings().progress().toNanos());
            tell(transaction, acquire, State.CLAIMED, "");
        }
        transaction.give(new Notice.Claimed(kmp, sequence, acquire.claim));
    }

    /** A KMP gives an ACQUIRE back. */
    void decline(Transaction transaction, long kmp, long sequence, String reason) {
        Acquire acquire = of(transaction, kmp, sequence);
        if (acquire != null) {
            moveOn(transaction, acquire, reason.isEmpty() ? "declined" : "declined: " + reason, false);
        }
    }

    /** A KMP has come further: it gets more time. */
    void progress(Transaction transaction, long kmp, long sequence) {
        Acquire acquire = of(transaction, kmp, sequence);
        if (acquire != null && acquire.isClaimed() && acquire.verdict == null) {
            long more = transaction.nanos() + db.timings().progress().toNanos();
            long most = acquire.claimedNanos + db.timings().work().toNanos();
            due(acquire, Lifetimes.earlier(more, most));
        }
    }

    /** The ACQUIRE that is this KMP's; who takes another one for his own is told. */
    private @Nullable Acquire of(Transaction transaction, long kmp, long sequence) {
        Acquire acquire = bySequence.get(sequence);
        if (acquire == null || acquire.kmp.number() != kmp) {
            transaction.give(new Notice.Withdrawn(kmp, sequence, "it is not, or not any more, this KMP's"));
            return null;
        }
        return acquire;
    }

    /**
     * The ACQUIRE that a caller answers.
     *
     * @throws SaException {@link SaError#STALE_ACQUIRE} if he has no claim to it
     */
    Acquire require(Origin origin) {
        Acquire acquire = bySequence.get(origin.acquireSequence());
        boolean claimed = acquire != null
                && acquire.isClaimed()
                && acquire.verdict == null
                && acquire.kmp.principal().equals(origin.principal())
                && MessageDigest.isEqual(acquire.claim.toArray(), origin.claim().toArray());
        if (acquire == null || !claimed) {
            throw stale(origin.acquireSequence(), "is not open, or not claimed by the caller");
        }
        return acquire;
    }

    /**
     * The ACQUIRE that a caller answers with an SA to a peer; null if he answers none.
     *
     * @throws SaException {@link SaError#STALE_ACQUIRE}
     */
    @Nullable
    Acquire answered(Origin origin, Endpoint peer, Endpoint local) {
        if (!origin.isAsked()) {
            return null;
        }
        Acquire acquire = require(origin);
        if (!acquire.need.target().equals(peer) || !acquire.need.local().equals(local)) {
            throw stale(
                    origin.acquireSequence(),
                    "asks for " + acquire.need.toText() + ", not for an SA to " + peer + " at local \"" + local + "\"");
        }
        return acquire;
    }

    private static SaException stale(long sequence, String why) {
        return new SaException(SaError.STALE_ACQUIRE, Long.toString(sequence), "ACQUIRE " + sequence + " " + why);
    }

    /**
     * Refuses an SA that is not what was asked for. A KMP that brought another identity is done with the ACQUIRE: the next
     * step of time moves it on.
     *
     * @throws SaException {@link SaError#IDENTITY_NOT_AUTHORIZED}, {@link SaError#WRONG_CONTENT},
     *     {@link SaError#UNSUPPORTED_SUITE}
     */
    void requireAsked(Now now, @Nullable Acquire acquire, SaParameters parameters) {
        if (acquire == null) {
            return;
        }
        try {
            acquire.need.proposal().require(parameters, acquire.need.target(), acquire.kmp.name());
        } catch (SaException e) {
            if (e.error() == SaError.IDENTITY_NOT_AUTHORIZED) {
                acquire.verdict = e.getMessage();
                due(acquire, now.nanos());
            }
            throw e;
        }
    }

    /** An SPI was reserved in answer. */
    void reserved(@Nullable Acquire acquire, SadbEntry entry) {
        if (acquire != null) {
            acquire.made.add(entry.id());
        }
    }

    /** An SA was installed: those who can use it go on, and with both of a pair the ACQUIRE it answers is done. */
    void installed(Transaction transaction, @Nullable Acquire acquire, SadbEntry entry) {
        // Behind a single SA that came before, the first one of a pair has ended it already.
        if (acquire == null || !byNumber.containsKey(acquire.number)) {
            release(transaction, entry);
            return;
        }
        acquire.made.add(entry.id());
        if (isMade(acquire, Direction.INBOUND) && isMade(acquire, Direction.OUTBOUND)) {
            done(transaction, acquire, "");
            acquire.made.stream()
                    .map(db.table::find)
                    .filter(Objects::nonNull)
                    .forEach(made -> release(transaction, made));
        }
    }

    private boolean isMade(Acquire acquire, Direction direction) {
        for (SaId id : acquire.made) {
            SadbEntry entry = db.table.find(id);
            if (entry != null && entry.direction() == direction && entry.state() != SaState.LARVAL) {
                return true;
            }
        }
        return false;
    }

    /** Whoever waits for a peer that an SA may be used for tries again. */
    void release(Transaction transaction, SadbEntry entry) {
        Pair pair = entry.pair();
        boolean opensOnly = pair != null && pair.confirmation() == Confirmation.RESPONDER_WAITS;
        if (waiting == 0 || opensOnly || entry.direction() != Direction.OUTBOUND) {
            return;
        }
        for (Acquire acquire : byNumber.values()) {
            boolean serves = entry.local().isHostWide() || entry.local().equals(acquire.need.local());
            if (acquire.waiting > 0 && serves && entry.scope().contains(acquire.need.target())) {
                releaseWaiters(transaction, acquire);
            }
        }
    }

    private void releaseWaiters(Transaction transaction, Acquire acquire) {
        waiting -= acquire.waiting;
        acquire.waiting = 0;
        transaction.give(new Notice.Released(acquire.number));
    }

    private void done(Transaction transaction, Acquire acquire, String reason) {
        tell(transaction, acquire, State.DONE, reason);
        holdDowns.met(acquire.need.key());
        close(acquire);
        releaseWaiters(transaction, acquire);
    }

    private void close(Acquire acquire) {
        byNeed.remove(acquire.need.key());
        byNumber.remove(acquire.number);
        bySequence.remove(acquire.sequence);
        byDeadline.remove(acquire);
    }

    /**
     * A negative ACQUIRE: the KMP that works on it has failed.
     *
     * @throws SaException {@link SaError#STALE_ACQUIRE}
     */
    void fail(Transaction transaction, Origin origin, int errno, String reason) {
        Acquire acquire = require(origin);
        moveOn(transaction, acquire, (reason.isEmpty() ? "failed" : reason) + " (errno " + errno + ")", false);
    }

    /** A KMP is gone: what it had goes to the next ones. */
    void unregistered(Transaction transaction, Registered kmp) {
        for (Acquire acquire : List.copyOf(byNumber.values())) {
            if (acquire.kmp.number() == kmp.number()) {
                moveOn(transaction, acquire, "is gone", false);
            }
        }
    }

    /** The KMP is done with it: the next one is tried, or all who wait hear why. */
    private void moveOn(Transaction transaction, Acquire acquire, String reason, boolean timedOut) {
        discard(transaction, acquire);
        String kmp = acquire.kmp.name();
        Registered next = nextCandidate(acquire);
        if (next != null) {
            tell(transaction, acquire, State.NEXT, reason);
            offer(transaction, acquire, next);
            return;
        }
        tell(transaction, acquire, timedOut ? State.TIMED_OUT : State.FAILED, reason);
        refuse(
                transaction,
                acquire,
                new SaException(
                        timedOut ? SaError.TIMED_OUT : SaError.KMP_FAILED,
                        acquire.need.target().uri(),
                        "no " + acquire.need.toText() + ": KMP " + kmp + " " + reason));
    }

    private void refuse(Transaction transaction, Acquire acquire, SaException why) {
        long until = holdDowns.failed(acquire.need.key(), transaction.nanos(), why.getMessage());
        close(acquire);
        waiting -= acquire.waiting;
        transaction.give(new Notice.Refused(acquire.number, why));
        db.rekeys.failed(acquire.need.replaces(), transaction.nanos(), until);
    }

    /** What was made in vain goes: an SPI that nobody will complete, or one SA without its partner. */
    private void discard(Transaction transaction, Acquire acquire) {
        for (SaId id : acquire.made) {
            SadbEntry entry = db.table.find(id);
            if (entry != null) {
                transaction.expire(entry, ExpireCause.TIME);
            }
        }
        acquire.made.clear();
    }

    /** SAs that fit a filter were flushed: claims to the like end, and what is still needed is asked for anew. */
    void flushed(Transaction transaction, SaFilter filter) {
        for (Acquire acquire : List.copyOf(byNumber.values())) {
            boolean meant = (filter.peer() == null || filter.peer().equals(acquire.need.target()))
                    && (filter.local() == null || filter.local().equals(acquire.need.local()));
            if (meant) {
                withdraw(transaction, acquire, "the SADB was flushed");
                again(transaction, acquire);
            }
        }
    }

    /** Other policies stand: claims end. Who waits asks anew, for what the policies want now. */
    void policiesChanged(Transaction transaction) {
        for (Acquire acquire : List.copyOf(byNumber.values())) {
            withdraw(transaction, acquire, "the policies changed");
            if (acquire.need.replaces().isNone()) {
                close(acquire);
                releaseWaiters(transaction, acquire);
            } else {
                again(transaction, acquire);
            }
        }
    }

    private void withdraw(Transaction transaction, Acquire acquire, String reason) {
        transaction.give(new Notice.Withdrawn(acquire.kmp.number(), acquire.sequence, reason));
        discard(transaction, acquire);
        tell(transaction, acquire, State.WITHDRAWN, reason);
    }

    private void again(Transaction transaction, Acquire acquire) {
        PairId replaces = acquire.need.replaces();
        if (!replaces.isNone()) {
            Pair old = db.pairs.find(replaces);
            if (old == null) {
                close(acquire);
                return;
            }
            acquire.need = db.rekeys.need(old);
        }
        acquire.next = 0;
        Registered kmp = nextCandidate(acquire);
        if (kmp == null) {
            refuse(transaction, acquire, noKmp(acquire.need));
            return;
        }
        renumber(acquire);
        offer(transaction, acquire, kmp);
    }

    /** A pair has a confirmed successor: nobody needs to make another one. */
    void superseded(Transaction transaction, PairId pair) {
        for (Acquire acquire : List.copyOf(byNumber.values())) {
            boolean hasKeys = acquire.made.stream()
                    .map(db.table::find)
                    .anyMatch(entry -> entry != null && entry.state() != SaState.LARVAL);
            if (acquire.need.replaces().equals(pair) && !hasKeys) {
                String reason = "pair " + pair + " has a successor already";
                transaction.give(new Notice.Withdrawn(acquire.kmp.number(), acquire.sequence, reason));
                discard(transaction, acquire);
                done(transaction, acquire, reason);
            }
        }
    }

    /** The successor of a pair was never confirmed: held down like a failure. Gives when to ask again. */
    long neverConfirmed(Need.Key need, long now) {
        return holdDowns.failed(need, now, "the successor was never confirmed");
    }

    /** Whether a need failed a moment ago. */
    boolean isHeldDown(Need.Key need, long now) {
        return holdDowns.isHeld(need, now);
    }

    /** What failed is not held down any more. */
    void forgive(Need.Key need) {
        holdDowns.met(need);
    }

    /** Time has passed: who has not accepted, or made no progress, is done with it. */
    void tick(Transaction transaction) {
        while (!byDeadline.isEmpty() && Lifetimes.isMet(byDeadline.first().deadline, transaction.nanos())) {
            Acquire acquire = byDeadline.first();
            String verdict = acquire.verdict;
            boolean timedOut = verdict == null && acquire.isClaimed();
            String reason =
                    verdict != null ? verdict : timedOut ? "made no progress in time" : "did not accept in time";
            transaction.give(new Notice.Withdrawn(acquire.kmp.number(), acquire.sequence, reason));
            moveOn(transaction, acquire, reason, timedOut);
        }
    }

    /** When {@link #tick} has something to do, or {@link Lifetimes#NEVER}. */
    long nextDeadline() {
        return byDeadline.isEmpty() ? Lifetimes.NEVER : byDeadline.first().deadline;
    }
}
