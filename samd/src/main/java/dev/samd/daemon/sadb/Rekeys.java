// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.Usage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Asks for successors of pairs that come to their end, before they do: at a soft limit of either SA, if either was used, the
 * KMP that made the pair is asked. Where that fails the pair is kept, and asked for again as long as it is used. Confined to
 * its database's thread.
 */
final class Rekeys {
    private final Database db;
    private final Map<PairId, Retry> retries = new HashMap<>();
    private final TreeSet<Retry> byDue = new TreeSet<>(
            ((Comparator<Retry>) (a, b) -> Long.signum(a.due - b.due)).thenComparingLong(retry -> retry.pair.value()));

    Rekeys(Database db) {
        this.db = db;
    }

    /** An SA is DYING, or a DYING one was used for the first time. */
    void wanted(Transaction transaction, SadbEntry entry) {
        Pair pair = entry.pair();
        if (pair != null
                && mayHaveSuccessor(pair)
                && db.pairs.members(pair).stream().anyMatch(db::used)
                // What is held down is asked for when that ends; it has not failed once more.
                && !db.acquires.isHeldDown(need(pair).key(), transaction.nanos())) {
            ask(transaction, pair);
        }
    }

    /** A pair that this side began is suspended: its KMP is asked for another one, as soon as it is there. */
    void suspended(Pair pair, long now) {
        if (pair.role() == PairRole.INITIATOR && mayHaveSuccessor(pair)) {
            failed(pair.id(), now, now + db.timings().holdDownMost().toNanos());
        }
    }

    /** A pair may be one that its peer has lost. False if its KMP is not asked for another. */
    boolean disowned(Transaction transaction, Pair pair) {
        if (!mayHaveSuccessor(pair) || db.acquires.isHeldDown(need(pair).key(), transaction.nanos())) {
            return false;
        }
        ask(transaction, pair);
        return true;
    }

    private boolean mayHaveSuccessor(Pair pair) {
        List<SadbEntry> members = db.pairs.members(pair);
        return !members.isEmpty()
                && !pair.isReplaced()
                && !pair.hasSuccessor()
                && !kmpOf(members.get(0)).equals(PolicyEntry.MANUAL);
    }

    private static String kmpOf(SadbEntry entry) {
        return entry.installedParameters().identity().kmp();
    }

    private void ask(Transaction transaction, Pair pair) {
        long again = db.acquires.ask(transaction, need(pair));
        if (again != Lifetimes.NEVER) {
            failed(pair.id(), transaction.nanos(), again);
        } else {
            forget(pair.id());
        }
    }

    /** What is needed when a pair needs a successor, as the policies are now. */
    Need need(Pair pair) {
        SadbEntry member = db.pairs.members(pair).get(0);
        SaParameters parameters = member.installedParameters();
        Optional<PolicyEntry> policy = db.policies.entryFor(parameters, parameters.peer());
        return new Need(
                parameters.local(),
                parameters.peer(),
                "",
                policy.map(PolicyEntry::name).orElse(""),
                List.of(kmpOf(member)),
                member.owner(),
                Proposal.like(parameters, policy),
                // One that is suspended carries nothing: its successor is negotiated as if it were the first.
                member.suspended() ? PairId.NONE : pair.id());
    }

    /** Nothing came of it: the pair stays, and is looked at again. */
    void failed(PairId pair, long now, long again) {
        forget(pair);
        if (!pair.isNone()) {
            Retry retry = new Retry(pair, again, now);
            retries.put(pair, retry);
            byDue.add(retry);
        }
    }

    /** The successor of a pair was made, and its peer never proved to have the keys. */
    void neverConfirmed(Pair pair, long now) {
        failed(pair.id(), now, db.acquires.neverConfirmed(need(pair).key(), now));
    }

    private void forget(PairId pair) {
        Retry retry = retries.remove(pair);
        if (retry != null) {
            byDue.remove(retry);
        }
    }

    /** A KMP has registered: what failed without it is looked at again at once. */
    void registered(String kmp, long now) {
        for (Retry retry : List.copyOf(byDue)) {
            Pair pair = db.pairs.find(retry.pair);
            if (pair != null && kmpOf(db.pairs.members(pair).get(0)).equals(kmp)) {
                db.acquires.forgive(need(pair).key());
                failed(retry.pair, retry.failedAt, now);
            }
        }
    }

    /** Time has passed: pairs whose re-key failed are asked for again if they were used since. */
    void tick(Transaction transaction) {
        while (!byDue.isEmpty() && Lifetimes.isMet(byDue.first().due, transaction.nanos())) {
            Retry retry = byDue.first();
            forget(retry.pair);
            Pair pair = db.pairs.find(retry.pair);
            if (pair == null || !mayHaveSuccessor(pair) || !(isDying(pair) || isSuspended(pair))) {
                continue;
            }
            if (isSuspended(pair) || usedSince(pair, retry.failedAt)) {
                ask(transaction, pair);
            } else {
                failed(
                        retry.pair,
                        retry.failedAt,
                        transaction.nanos() + db.timings().holdDownMost().toNanos());
            }
        }
    }

    private boolean isDying(Pair pair) {
        return db.pairs.members(pair).stream().anyMatch(member -> member.state() == SaState.DYING);
    }

    private boolean isSuspended(Pair pair) {
        return db.pairs.members(pair).stream().anyMatch(SadbEntry::suspended);
    }

    private boolean usedSince(Pair pair, long then) {
        return db.pairs.members(pair).stream()
                .flatMap(member -> db.usages.usage(member.id()).stream())
                .anyMatch(usage -> usage.lastUsedNanos() != Usage.NEVER && usage.lastUsedNanos() - then > 0);
    }

    /** When {@link #tick} has something to do, or {@link Lifetimes#NEVER}. */
    long nextDeadline() {
        return byDue.isEmpty() ? Lifetimes.NEVER : byDue.first().due;
    }

    private record Retry(PairId pair, long due, long failedAt) {}
}
