// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;

/**
 * One ACQUIRE as everybody may see it.
 *
 * @param sequence its number, 1..2^32-1
 * @param target the peer that SAs are needed to
 * @param local the endpoint of this host that needs them
 * @param kmp the KMP that it is offered to, or that works on it
 * @param state what came of it
 * @param reason why, in the KMP's own words where it said any
 * @param waiting calls that wait for it
 * @param replaces the pair to replace, or {@link PairId#NONE}
 * @param policy the policy that decides what the SAs have to be; empty where none does
 */
public record AcquireView(
        long sequence,
        Endpoint target,
        Endpoint local,
        String kmp,
        State state,
        String reason,
        int waiting,
        PairId replaces,
        String policy) {
    /** What may come of an ACQUIRE at one KMP. */
    public enum State {
        /** Offered to the KMP. */
        OFFERED,
        /** The KMP works on it. */
        CLAIMED,
        /** The KMP failed, and the next one is tried. */
        NEXT,
        /** The KMP failed, and none is left. */
        FAILED,
        /** The KMP made no progress, and none is left. */
        TIMED_OUT,
        /** Taken back, to be asked anew. */
        WITHDRAWN,
        /** SAs are there. */
        DONE
    }
}
