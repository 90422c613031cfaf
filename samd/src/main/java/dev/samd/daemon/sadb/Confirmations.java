// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.ExpireCause;
import dev.samd.sa.Identity;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pairs whose peer has yet to prove that it holds the keys, and what happens when it does, or does not. The first good
 * inbound record is the proof; only then does the pair that is superseded begin to end, so that a forged answer to a re-key
 * costs no SA. Confined to its database's thread.
 */
final class Confirmations {
    /** A third pair of one peer: the oldest of them gives way. */
    private static final int RESPONDERS_OF_ONE_PEER = 2;

    private final Database db;
    private final Map<Pair, Party> waiting = new HashMap<>();
    private final Map<Party, ArrayDeque<Pair>> responders = new HashMap<>();
    private final Map<String, Integer> ofOwner = new HashMap<>();

    Confirmations(Database db) {
        this.db = db;
    }

    /**
     * Refuses a pair that would wait where too many do.
     *
     * @throws SaException {@link SaError#TOO_MANY}
     */
    void requireRoom(String owner) {
        int most = db.bounds.unconfirmed();
        if (ofOwner.getOrDefault(owner, 0) >= most) {
            throw new SaException(
                    SaError.TOO_MANY, owner, most + " pairs of " + owner + " wait for their confirmation already");
        }
    }

    /** How long the SAs of a pair live without its confirmation, or {@link Lifetimes#NEVER}. */
    long deadline(Pair pair, long now) {
        if (pair.role() == PairRole.RESPONDER) {
            return now + db.timings().responder().toNanos();
        }
        // Without an older one to fall back to, an initiator's pair is simply used.
        return pair.superseded() == null
                ? Lifetimes.NEVER
                : now + db.timings().initiator().toNanos();
    }

    /** An unconfirmed pair was installed. */
    void entered(Transaction transaction, Pair pair, String owner, Identity identity) {
        ArrayDeque<Pair> siblings = waits(pair, owner, identity);
        if (siblings.size() > RESPONDERS_OF_ONE_PEER) {
            transaction.delete(db.pairs.members(siblings.getFirst()));
        }
    }

    /** A pair waits, as it did before. Gives the pairs of responders that wait for the same peer. */
    ArrayDeque<Pair> waits(Pair pair, String owner, Identity identity) {
        if (pair.role() == PairRole.INITIATOR && pair.superseded() == null) {
            return new ArrayDeque<>();
        }
        Party party = new Party(owner, identity);
        waiting.put(pair, party);
        ofOwner.merge(owner, 1, Integer::sum);
        if (pair.role() != PairRole.RESPONDER) {
            return new ArrayDeque<>();
        }
        ArrayDeque<Pair> siblings = responders.computeIfAbsent(party, p -> new ArrayDeque<>());
        siblings.addLast(pair);
        return siblings;
    }

    /** An SA has ended; a pair without any waits no more. */
    void left(SadbEntry entry) {
        Pair pair = entry.pair();
        if (pair != null && !pair.isAlive()) {
            forget(pair);
        }
    }

    private void forget(Pair pair) {
        Party party = waiting.remove(pair);
        if (party == null) {
            return;
        }
        ofOwner.computeIfPresent(party.owner, (owner, count) -> count == 1 ? null : count - 1);
        ArrayDeque<Pair> siblings = responders.get(party);
        if (siblings != null) {
            siblings.remove(pair);
            if (siblings.isEmpty()) {
                responders.remove(party);
            }
        }
    }

    /** The first good record came under an SA. False if its pair did not wait for one. */
    boolean confirmed(Transaction transaction, SaId inbound) {
        SadbEntry entry = db.table.find(inbound);
        Pair pair = entry == null ? null : entry.pair();
        if (pair == null || !pair.isUnconfirmed()) {
            return false;
        }
        pair.confirm();
        transaction.touched(pair);
        forget(pair);
        long revision = db.nextRevision();
        for (SadbEntry member : db.pairs.members(pair)) {
            SadbEntry confirmed = member.confirmed(revision);
            db.table.replaceAndPlan(confirmed);
            transaction.change(new Change.Noted(confirmed));
            if (member.id().equals(inbound)) {
                transaction.tell(
                        new SadbEvent.Confirmed(confirmed, transaction.now().wall()));
            }
        }
        db.successions.confirmed(transaction, pair);
        db.pairs.members(pair).forEach(member -> db.acquires.release(transaction, member));
        return true;
    }

    /** The time of an unconfirmed pair is up. */
    void timedOut(Transaction transaction, Pair pair) {
        Pair old = pair.superseded();
        boolean last = (old == null || !old.isAlive()) && !pair.lineage().stands();
        List<SadbEntry> members = db.pairs.members(pair);
        if (pair.role() == PairRole.INITIATOR && last) {
            // Nothing is left to fall back to.
            forget(pair);
            for (SadbEntry member : members) {
                SadbEntry kept = member.endingAt(Lifetimes.NEVER);
                db.table.replaceAndPlan(kept);
                transaction.change(new Change.Noted(kept));
            }
            return;
        }
        for (SadbEntry member : members) {
            SadbEntry present = db.table.find(member.id());
            if (present != null) {
                transaction.expire(present, ExpireCause.TIME);
            }
        }
        if (old != null && old.isAlive()) {
            db.rekeys.neverConfirmed(old, transaction.nanos());
        }
    }

    private record Party(String owner, Identity identity) {}
}
