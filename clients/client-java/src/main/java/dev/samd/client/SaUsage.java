// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.DiscardReason;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What an SA has been used for so far.
 *
 * @param records sealed, or accepted
 * @param octets of plaintext sealed, or accepted
 * @param failedOpenings that reached the AEAD and failed
 * @param nextSequence outbound: the next sequence number; inbound: the highest accepted one plus 1, 0 if none
 * @param discarded what was not accepted, by reason; reasons that never occurred, or that this version does not know, are
 *     absent
 * @param firstUsed empty while never used
 * @param lastUsed empty while never used
 */
public record SaUsage(
        long records,
        long octets,
        long failedOpenings,
        long nextSequence,
        Map<DiscardReason, Long> discarded,
        Optional<Instant> firstUsed,
        Optional<Instant> lastUsed) {
    public SaUsage {
        discarded = Map.copyOf(discarded);
    }
}
