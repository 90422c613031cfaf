// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.SaId;
import java.util.List;
import java.util.Optional;

/**
 * What would become of a message that arrives. Never holds what is inside of it.
 *
 * @param findings what it meets at the doors, in order, as far as they could be looked at
 * @param sa the SA of its record
 * @param rule the rule that decides of it, where one was asked
 */
public record UnprotectExplanation(List<Finding> findings, Optional<SaId> sa, Optional<PolicyRule> rule) {
    public UnprotectExplanation {
        findings = List.copyOf(findings);
    }

    /** The first door that is closed, as its reason; empty: the message would be accepted, or pass in clear. */
    public Optional<DiscardReason> refusal() {
        return findings.stream().flatMap(finding -> finding.closed().stream()).findFirst();
    }

    /** Whether it would be answered by asking for a fresh Echo value: nothing else is in its way. */
    public boolean challenged() {
        return findings.stream()
                .filter(finding -> finding.closed().isPresent())
                .findFirst()
                .filter(finding -> finding.door() == Finding.Door.FRESH)
                .isPresent();
    }

    /** Whether it would pass in clear. */
    public boolean bypassed() {
        return findings.equals(List.of(Finding.open(Finding.Door.CLEAR)));
    }
}
