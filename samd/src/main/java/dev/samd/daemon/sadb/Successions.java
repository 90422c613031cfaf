// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaState;

/**
 * Lets confirmed pairs take the place of others. Where both ends began a successor at once and their KMPs did not see it,
 * both may be confirmed: then one of them gives way, the same one at both ends, and what is under way under it goes on for an
 * overlap. Nothing is decided about a pair before it is confirmed: until then nobody knows whether the peer has it. Confined
 * to its database's thread.
 */
final class Successions {
    private final Database db;

    Successions(Database db) {
        this.db = db;
    }

    /** A pair is confirmed, from its beginning or from now on. */
    void confirmed(Transaction transaction, Pair fresh) {
        db.suspensions.replaced(transaction, fresh);
        Pair old = fresh.superseded();
        if (old != null) {
            end(transaction, old);
        }
        if (fresh.isReplaced()) {
            // The proof came late: it was superseded without.
            return;
        }
        Pair rival = fresh.isContender() ? fresh.lineage().contender() : null;
        if (rival != null && rival.outranks(fresh)) {
            giveWay(transaction, fresh, rival);
            return;
        }
        if (rival != null) {
            giveWay(transaction, rival, fresh);
        }
        fresh.lineage().add(fresh);
    }

    private void giveWay(Transaction transaction, Pair loser, Pair winner) {
        winner.follow(loser);
        transaction.touched(winner);
        end(transaction, loser);
        transaction.change(new Change.GaveWay(db.revision(), loser.id(), winner.id()));
    }

    /** A pair lives on for what is under way. */
    private void end(Transaction transaction, Pair old) {
        if (!old.isAlive() || old.isReplaced()) {
            return;
        }
        long overlap = transaction.nanos() + db.timings().overlap().toNanos();
        old.replace(overlap);
        transaction.touched(old);
        for (SadbEntry member : db.pairs.members(old)) {
            SadbEntry ending = member.endingAt(Lifetimes.earlier(member.endNanos(), overlap));
            boolean mature = ending.state() == SaState.MATURE;
            SadbEntry dying =
                    mature ? ending.in(SaState.DYING, db.nextRevision()) : ending.atRevision(db.nextRevision());
            db.table.replaceAndPlan(dying);
            transaction.change(mature ? new Change.Aged(dying) : new Change.Noted(dying));
            transaction.tell(new SadbEvent.Updated(dying, transaction.now().wall(), transaction.principal()));
        }
        db.acquires.superseded(transaction, old.id());
    }
}
