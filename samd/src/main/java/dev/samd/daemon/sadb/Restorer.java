// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Enters what was kept of an earlier life into an empty database. Confined to its database's thread. */
final class Restorer implements Entrance {
    private final Database db;
    private final Now now;
    private final Consumer<Change> follower;
    private final Map<PairId, Lineage> lineages = new HashMap<>();
    private final List<Pair> pairs = new ArrayList<>();

    /** @param follower hears of every change as it is made */
    Restorer(Database db, Now now, Consumer<Change> follower) {
        this.db = db;
        this.now = now;
        this.follower = follower;
    }

    void restore(Restored kept) {
        db.policies = kept.policies();
        follower.accept(new Change.Governed(db.revision(), db.policies));
        kept.giveTo(this);
        pairs.forEach(this::settle);
    }

    @Override
    public void key(KeyImage key) {
        db.keys.restore(key);
    }

    @Override
    public void forgetful() {
        db.forgetful = true;
    }

    @Override
    public void pair(PairImage pair, KeyMaterial kmpPrivate) {
        pairs.add(db.pairs.restore(pair, kmpPrivate, lineages.computeIfAbsent(pair.lineage(), Lineage::new)));
    }

    @Override
    public Optional<KeyImage> raise(KeyPrint key, Direction direction, long mark) {
        KeyRecord record = db.keys.find(key);
        if (record == null) {
            return Optional.empty();
        }
        record.raise(direction, mark);
        return Optional.of(record.image());
    }

    @Override
    public void association(Restored.Association association) {
        SaImage image = association.image();
        SaParameters parameters = image.parameters().orElse(null);
        if (parameters == null) {
            db.table.enter(SadbEntry.restored(image, null, Set.of(), Lifetimes.NEVER));
            return;
        }
        KeyRecord key = db.keys.known(image.key().orElseThrow());
        key.holdAgain(parameters.direction(), association.past().history().next());
        Set<Endpoint> scope = db.policies.scopeOf(parameters);
        SadbEntry alone = SadbEntry.restored(image, key, scope, Installer.tokenEndOrNow(now, parameters));
        Pair pair = db.pairs.find(image.pair());
        SadbEntry entry = pair == null ? alone : db.pairs.rejoin(pair, alone);
        db.table.enter(entry);
        follower.accept(Transaction.installed(
                entry, association.keys().orElseThrow(), association.mark(), Optional.of(association.past())));
        if (entry.state() == SaState.DYING) {
            follower.accept(new Change.Aged(entry));
        }
    }

    @Override
    public void answer(AnswerImage answer) {
        SadbEntry first = db.table.find(answer.first());
        @Nullable SadbEntry second = answer.second().map(db.table::find).orElse(null);
        if (first != null && (answer.second().isEmpty() || second != null)) {
            db.requests.restore(answer, first, second);
        }
    }

    /** A pair whose SAs have joined waits for what it waited for, or stands where it stood. */
    private void settle(Pair pair) {
        List<SadbEntry> members = db.pairs.members(pair);
        if (members.isEmpty()) {
            db.pairs.forget(pair);
            return;
        }
        for (Pair earlier : pair.predecessors()) {
            follower.accept(new Change.GaveWay(db.revision(), earlier.id(), pair.id()));
        }
        if (!pair.name().isEmpty()) {
            return;
        }
        SadbEntry member = members.get(0);
        if (member.suspended()) {
            db.suspensions.entered(pair, member);
            db.rekeys.suspended(pair, now.nanos());
        } else if (pair.isUnconfirmed()) {
            db.confirmations.waits(
                    pair, member.owner(), member.installedParameters().identity());
        } else if (!pair.isReplaced()) {
            pair.lineage().add(pair);
        }
    }
}
