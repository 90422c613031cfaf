// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The hashes of good AP-REQs, so that a repeated one is refused before it is opened. The replay cache of the JDK stands behind
 * it. Bounded: only who holds a ticket adds to it, and the oldest gives way. Confined to the driver's thread.
 */
final class SeenRequests {
    private static final int MOST = 65_536;
    /** An authenticator is good for the clock skew of either side; this is twice the usual one. */
    private static final Duration KEEP = Duration.ofMinutes(20);

    private final Map<Octets, Instant> seen = new LinkedHashMap<>();

    boolean has(Instant now, Octets hash) {
        Iterator<Instant> ends = seen.values().iterator();
        while (ends.hasNext() && !ends.next().isAfter(now)) {
            ends.remove();
        }
        return seen.containsKey(hash);
    }

    void add(Instant now, Octets hash) {
        if (seen.size() >= MOST) {
            seen.remove(seen.keySet().iterator().next());
        }
        seen.put(hash, now.plus(KEEP));
    }
}
