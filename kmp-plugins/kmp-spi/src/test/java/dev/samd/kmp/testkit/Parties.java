// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.testkit;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Need;
import dev.samd.kmp.Outgoing;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Two hosts that can come to SAs with each other.
 *
 * @param initiator answers the need
 * @param responder the peer that the need is about
 * @param need what is needed; its target is the responder
 * @param others answers requests to third parties, as a server of tokens; empty for silence
 * @param now when it happens
 */
public record Parties(
        Kmp initiator, Kmp responder, Need need, Function<Outgoing, Optional<Answer>> others, Instant now) {
    /** Two hosts that need nobody else. */
    public Parties(Kmp initiator, Kmp responder, Need need, Instant now) {
        this(initiator, responder, need, request -> Optional.empty(), now);
    }
}
