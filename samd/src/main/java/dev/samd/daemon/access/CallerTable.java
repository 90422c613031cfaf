// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What all principals take at the moment. Bounded: who has gone, and has nothing to make good any more, is forgotten when
 * room is needed; when there is no room, a new principal waits outside. Thread-safe.
 */
public final class CallerTable {
    /** More than connections are served at a time. */
    static final int MAX_PRINCIPALS = 4096;

    private final Map<String, CallerUse> uses = new HashMap<>();
    private final HeldOctets held;

    /** @param held of all principals together */
    public CallerTable(HeldOctets held) {
        this.held = held;
    }

    /** A principal connects: what it takes, counted together with its other connections; empty if there is no room. */
    public synchronized Optional<CallerUse> connect(String principal, long nowNanos) {
        CallerUse use = uses.get(principal);
        if (use == null) {
            if (uses.size() >= MAX_PRINCIPALS) {
                uses.values().removeIf(old -> old.isIdle(nowNanos));
            }
            if (uses.size() >= MAX_PRINCIPALS) {
                return Optional.empty();
            }
            use = new CallerUse(principal, held);
            uses.put(principal, use);
        }
        use.connected();
        return Optional.of(use);
    }

    /** A connection ends. */
    public void disconnect(CallerUse use) {
        use.disconnected();
    }

    synchronized int size() {
        return uses.size();
    }
}
