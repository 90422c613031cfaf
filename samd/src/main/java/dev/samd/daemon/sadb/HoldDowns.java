// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Needs that failed a moment ago: for how long they are not tried again, twice as long after each failure. A need that has
 * been quiet for as long as the longest hold-down begins anew. Bounded: the one that failed first is forgotten first.
 * Confined to its database's thread.
 */
final class HoldDowns {
    private static final int CAPACITY = 65_536;

    private final Map<Need.Key, Held> held = new LinkedHashMap<>();
    private final Timings timings;

    HoldDowns(Timings timings) {
        this.timings = timings;
    }

    /** Why a need is not tried: it is held down. Empty if it may be. */
    Optional<SaException> refusal(Need need, long now) {
        Held last = held.get(need.key());
        if (last == null || !isHeld(need.key(), now)) {
            return Optional.empty();
        }
        long millis = (last.until - now) / 1_000_000 + 1;
        return Optional.of(new SaException(
                SaError.HELD_DOWN,
                need.target().uri(),
                "not asked again for " + need.toText() + " before " + millis + " ms have passed; last time: "
                        + last.reason));
    }

    /** Whether a need is not tried now. */
    boolean isHeld(Need.Key need, long now) {
        Held last = held.get(need);
        return last != null && last.until - now > 0;
    }

    /** The need has failed. Gives when it may be tried again. */
    long failed(Need.Key need, long now, String reason) {
        Held last = held.remove(need);
        Duration length = timings.holdDownFirst();
        if (last != null && now - last.until <= timings.holdDownMost().toNanos()) {
            Duration twice = last.length.multipliedBy(2);
            length = twice.compareTo(timings.holdDownMost()) < 0 ? twice : timings.holdDownMost();
        }
        if (held.size() >= CAPACITY) {
            held.remove(held.keySet().iterator().next());
        }
        long until = now + length.toNanos();
        held.put(need, new Held(until, length, reason));
        return until;
    }

    /** The need was met. */
    void met(Need.Key need) {
        held.remove(need);
    }

    private record Held(long until, Duration length, String reason) {}
}
