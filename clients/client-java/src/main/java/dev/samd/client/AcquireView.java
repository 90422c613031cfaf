// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;

/**
 * One need of SAs, as events show it.
 *
 * @param sequence its number, unsigned: SAs that answer it carry the same
 * @param target the peer that SAs are needed with
 * @param local the endpoint of this host, or {@link Endpoint#HOST_WIDE}
 * @param kmp the KMP that it is offered to, or that works on it
 * @param state what comes next
 * @param reason why, in the KMP's own words
 * @param waiting calls that wait
 * @param replaces the pair to replace, or {@link PairId#NONE}
 * @param policy the entry that asks for it; empty for the default
 */
public record AcquireView(
        int sequence,
        Endpoint target,
        Endpoint local,
        String kmp,
        State state,
        String reason,
        long waiting,
        PairId replaces,
        String policy) {
    /** How far it is. */
    public enum State {
        /** Offered to the KMP; not accepted yet. */
        OFFERED,
        /** The KMP works on it. */
        CLAIMED,
        /** The next KMP is tried. */
        NEXT,
        /** No KMP is left: the waiting calls fail. */
        FAILED,
        /** Nobody made progress in time: the waiting calls fail. */
        TIMED_OUT,
        /** Withdrawn by a FLUSH or a change of policy, and asked anew under another sequence. */
        WITHDRAWN,
        /** SAs are there. */
        DONE
    }
}
