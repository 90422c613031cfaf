// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.SaParameters;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pairs of which somebody says that their peer has lost them: a host that was restored from a backup, or that keeps nothing.
 * Nobody vouches for that, so the pair stays as it is and in use; but its KMP is asked for a successor, which takes its place
 * when the peer has proven to have that one. Whoever forges such words makes a negotiation a minute, and later one an hour.
 * Bounded: the peer that was spoken of first is forgotten first. Confined to its database's thread.
 */
final class Disowned {
    /** For how long nothing more is believed of a peer after the first word. */
    static final Duration FIRST = Duration.ofSeconds(60);
    /** The same after many, each twice as long as the one before. */
    static final Duration MOST = Duration.ofHours(1);

    private static final int CAPACITY = 65_536;

    private final Database db;
    private final Map<Peer, Held> held = new LinkedHashMap<>();

    Disowned(Database db) {
        this.db = db;
    }

    /** Somebody says so. True if that has begun the negotiation of a successor. */
    boolean heard(Transaction transaction, SadbEntry entry, Pair pair) {
        Peer peer = Peer.of(entry);
        long now = transaction.nanos();
        Held last = held.get(peer);
        if (last != null && last.until - now > 0) {
            return false;
        }
        if (!db.rekeys.disowned(transaction, pair)) {
            return false;
        }
        held.remove(peer);
        if (held.size() >= CAPACITY) {
            held.remove(held.keySet().iterator().next());
        }
        Duration length = last == null || now - last.until > MOST.toNanos() ? FIRST : last.twice();
        held.put(peer, new Held(now + length.toNanos(), length));
        return true;
    }

    /** Who talks with whom, whichever pair they have at the time. */
    private record Peer(String owner, Endpoint local, Endpoint peer, Identity identity) {
        private static Peer of(SadbEntry entry) {
            SaParameters parameters = entry.installedParameters();
            return new Peer(entry.owner(), parameters.local(), parameters.peer(), parameters.identity());
        }
    }

    private record Held(long until, Duration length) {
        private Duration twice() {
            Duration twice = length.multipliedBy(2);
            return twice.compareTo(MOST) < 0 ? twice : MOST;
        }
    }
}
