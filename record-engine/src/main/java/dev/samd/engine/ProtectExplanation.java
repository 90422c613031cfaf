// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.SaException;
import java.util.List;
import java.util.Optional;

/**
 * What would become of a request that leaves.
 *
 * @param rule the rule for it
 * @param candidates the SAs that have the target in their scope, the newest first; none are looked at where nothing is protected
 * @param refusal what a caller would be told; empty where the request would leave
 */
public record ProtectExplanation(PolicyRule rule, List<Candidate> candidates, Optional<SaException> refusal) {
    public ProtectExplanation {
        candidates = List.copyOf(candidates);
    }
}
