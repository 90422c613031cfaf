// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.PairEvent;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Sessions that can be resumed, each with the pair that it made. It is forgotten with that pair, when its time is over, and when newer
 * ones need the room. Owns them. In memory alone: after a restart handshakes are full ones. Confined to the driver's thread.
 */
final class SessionMemory {
    /** The oldest gives way to one more. */
    static final int MOST = 4096;

    /**
     * A session and when it ends.
     *
     * @param end counted from the full handshake: a resumption does not move it
     */
    record Known(Session session, Instant end) {}

    private final Duration longest;
    private final Map<PairId, Known> known = new LinkedHashMap<>();

    /** @param longest how long after its full handshake a session can be resumed; zero for never */
    SessionMemory(Duration longest) {
        this.longest = longest;
    }

    /** Whether sessions are resumed at all. */
    boolean isUsed() {
        return !longest.isZero();
    }

    /**
     * Keeps the session that made a pair.
     *
     * @param come what the handshake came to; its session is taken over
     * @param before when the session ends that was resumed; empty after a full handshake
     */
    void keep(Instant now, PairId pair, Established come, Optional<Instant> before) {
        if (isUsed() && !come.session().id().isEmpty() && come.resumed() == before.isPresent()) {
            keep(now, pair, new Known(come.session(), before.orElseGet(() -> come.until(now.plus(longest)))));
        } else {
            come.session().close();
        }
    }

    private void keep(Instant now, PairId pair, Known one) {
        forget(each -> !each.getValue().end().isAfter(now));
        if (known.size() >= MOST) {
            PairId oldest = known.keySet().iterator().next();
            forget(each -> each.getKey().equals(oldest));
        }
        known.put(pair, one);
    }

    /**
     * The session of a pair, the caller's from here on: it is tried once. A handshake that does not come to a good pair by it is
     * followed by a full one.
     */
    Optional<Known> take(Instant now, PairId pair) {
        forget(each -> !each.getValue().end().isAfter(now));
        return Optional.ofNullable(known.remove(pair));
    }

    /** The session of that ID, which stays the memory's. */
    Optional<Known> find(Instant now, Octets id) {
        return known.values().stream()
                .filter(one -> one.session().id().equals(id) && one.end().isAfter(now))
                .findFirst();
    }

    /** Something happened to a pair. */
    void happened(PairEvent event) {
        if (event instanceof PairEvent.Ended) {
            forget(each -> each.getKey().equals(event.pair()));
        }
    }

    /** Only these pairs still stand. */
    void recalled(Set<PairId> standing) {
        forget(each -> !standing.contains(each.getKey()));
    }

    /** Sessions that are remembered. */
    int size() {
        return known.size();
    }

    private void forget(Predicate<Map.Entry<PairId, Known>> which) {
        for (Iterator<Map.Entry<PairId, Known>> each = known.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<PairId, Known> one = each.next();
            if (which.test(one)) {
                one.getValue().session().close();
                each.remove();
            }
        }
    }
}
