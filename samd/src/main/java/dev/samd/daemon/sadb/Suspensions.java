// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.SaParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pairs whose numbers may have gone back. They are listed and not used; they end as soon as their KMP has another pair
 * with the same peer that is confirmed. Confined to its database's thread.
 */
final class Suspensions {
    private final Database db;
    private final Map<Party, Set<Pair>> suspended = new HashMap<>();

    Suspensions(Database db) {
        this.db = db;
    }

    /** A pair was kept, and is suspended. */
    void entered(Pair pair, SadbEntry member) {
        suspended
                .computeIfAbsent(Party.of(member), party -> new LinkedHashSet<>())
                .add(pair);
    }

    /** A pair is confirmed: those that waited for one like it end. */
    void replaced(Transaction transaction, Pair fresh) {
        List<SadbEntry> members = db.pairs.members(fresh);
        if (suspended.isEmpty() || members.isEmpty()) {
            return;
        }
        Set<Pair> ending = suspended.remove(Party.of(members.get(0)));
        if (ending != null) {
            List<SadbEntry> ended = new ArrayList<>();
            ending.forEach(pair -> ended.addAll(db.pairs.members(pair)));
            transaction.delete(ended);
        }
    }

    /** An SA has ended. */
    void left(SadbEntry entry) {
        Pair pair = entry.pair();
        if (pair == null || !entry.suspended() || pair.isAlive()) {
            return;
        }
        suspended.computeIfPresent(Party.of(entry), (party, pairs) -> {
            pairs.remove(pair);
            return pairs.isEmpty() ? null : pairs;
        });
    }

    /** Who negotiated with whom. */
    private record Party(String owner, Endpoint local, Endpoint peer, Identity identity) {
        private static Party of(SadbEntry entry) {
            SaParameters parameters = entry.installedParameters();
            return new Party(entry.owner(), parameters.local(), parameters.peer(), parameters.identity());
        }
    }
}
