// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import java.util.List;
import java.util.Optional;

/**
 * Which policy and which SA apply to a message, and why. Never with keys, and never with what is inside of a message.
 *
 * @param verdict what would happen: {@code protected}, {@code bypassed}, {@code acquired}, {@code refused}, {@code accepted} or
 *     {@code discarded}
 * @param policy the entry that decides; empty where none fits
 * @param steps what led there, one sentence each
 * @param candidates the SAs that were looked at, the newest first
 * @param refusal for {@code refused}: the reason a caller would get, if this version knows it
 */
public record Explanation(
        String verdict, String policy, List<String> steps, List<Candidate> candidates, Optional<SaException> refusal) {
    public Explanation {
        steps = List.copyOf(steps);
        candidates = List.copyOf(candidates);
    }

    /**
     * An SA that was looked at.
     *
     * @param sa its id
     * @param chosen whether it would be taken
     * @param reason why, in a few words
     * @param entry the SA, if it is still there
     */
    public record Candidate(SaId sa, boolean chosen, String reason, Optional<SaEntry> entry) {}
}
