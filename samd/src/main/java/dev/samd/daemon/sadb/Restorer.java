// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Enters what was kept of an earlier life into an empty database. Confined to its database's thread. */
final class Restorer {
    private final Database db;

    Restorer(Database db) {
        this.db = db;
    }

    Step<Integer> restore(Now now, Restored kept) {
        db.policies = kept.policies();
        kept.keys().forEach(db.keys::restore);
        Transaction transaction = new Transaction(db, now, "");
        transaction.change(new Change.Governed(db.revision(), db.policies));
        List<Pair> pairs = pairs(kept);
        kept.associations().forEach(association -> enter(transaction, association));
        for (Pair pair : pairs) {
            settle(transaction, pair);
        }
        for (AnswerImage answer : kept.answers()) {
            recall(answer);
        }
        return transaction.step(kept.associations().size());
    }

    /** The pairs, each behind those that it refers to: ids only grow. */
    private List<Pair> pairs(Restored kept) {
        Map<PairId, Lineage> lineages = new HashMap<>();
        List<Pair> pairs = new ArrayList<>();
        for (PairImage image : kept.pairs()) {
            KeyMaterial secret = kept.pairSecrets().get(image.id());
            pairs.add(db.pairs.restore(
                    image,
                    secret == null ? KeyMaterial.adopt(new byte[0]) : secret,
                    lineages.computeIfAbsent(image.lineage(), Lineage::new)));
        }
        return pairs;
    }

    private void enter(Transaction transaction, Restored.Association association) {
        SaImage image = association.image();
        SaParameters parameters = image.parameters().orElse(null);
        if (parameters == null) {
            db.table.enter(SadbEntry.restored(image, null, Set.of(), Lifetimes.NEVER));
            return;
        }
        KeyRecord key = db.keys.known(image.key().orElseThrow());
        key.end(parameters.direction()).holdAgain(association.past().history().next());
        Set<Endpoint> scope = db.policies.scopeOf(parameters);
        SadbEntry alone = SadbEntry.restored(image, key, scope, Installer.tokenEndOrNow(transaction.now(), parameters));
        Pair pair = db.pairs.find(image.pair());
        SadbEntry entry = pair == null ? alone : db.pairs.rejoin(pair, alone);
        db.table.enter(entry);
        transaction.install(
                entry, association.keys().orElseThrow(), association.mark(), Optional.of(association.past()));
        if (entry.state() == SaState.DYING) {
            transaction.change(new Change.Aged(entry));
        }
    }

    /** A pair whose SAs have joined waits for what it waited for, or stands where it stood. */
    private void settle(Transaction transaction, Pair pair) {
        List<SadbEntry> members = db.pairs.members(pair);
        if (members.isEmpty()) {
            db.pairs.forget(pair);
            return;
        }
        for (Pair earlier : pair.predecessors()) {
            transaction.change(new Change.GaveWay(db.revision(), earlier.id(), pair.id()));
        }
        if (!pair.name().isEmpty()) {
            return;
        }
        SadbEntry member = members.get(0);
        if (member.suspended()) {
            db.suspensions.entered(pair, member);
            db.rekeys.suspended(pair, transaction.nanos());
        } else if (pair.isUnconfirmed()) {
            db.confirmations.waits(
                    pair, member.owner(), member.installedParameters().identity());
        } else if (!pair.isReplaced()) {
            pair.lineage().add(pair);
        }
    }

    private void recall(AnswerImage answer) {
        SadbEntry first = db.table.find(answer.first());
        @Nullable SadbEntry second = answer.second().map(db.table::find).orElse(null);
        if (first != null && (answer.second().isEmpty() || second != null)) {
            db.requests.restore(answer, first, second);
        }
    }
}
