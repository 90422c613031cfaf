// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.util.Map;

/**
 * What an SA has been used for so far: the CURRENT lifetime of RFC 2367 s2.3.2 and the position of its numbers.
 *
 * @param records sealed, or accepted
 * @param octets of plaintext sealed, or accepted
 * @param failedOpenings that reached the AEAD and failed
 * @param firstUsedNanos monotonic time of the first use, or {@link #NEVER}
 * @param lastUsedNanos monotonic time of the last use, or {@link #NEVER}
 * @param nextSequence outbound: the next sequence number; inbound: the highest accepted one plus 1, 0 if none
 * @param discarded what was not accepted, by reason; reasons that never occurred are absent
 */
public record Usage(
        long records,
        long octets,
        long failedOpenings,
        long firstUsedNanos,
        long lastUsedNanos,
        long nextSequence,
        Map<DiscardReason, Long> discarded) {
    /** The time of something that has not happened. */
    public static final long NEVER = Long.MIN_VALUE;

    public Usage {
        discarded = Map.copyOf(discarded);
    }

    /** Of an SA that was not used, and whose numbers begin there. */
    public static Usage none(long nextSequence) {
        return new Usage(0, 0, 0, NEVER, NEVER, nextSequence, Map.of());
    }

    /** Whether the SA has been used at all. */
    public boolean used() {
        return firstUsedNanos != NEVER;
    }
}
