// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.SaId;

/**
 * Hears of wear. Called on the threads that protect and unprotect, at most once per event: it must not block, and what it
 * has to do it does elsewhere.
 */
public interface EngineListener {
    /** A soft limit was met. */
    void soft(SaId sa, ExpireCause cause);

    /** A hard limit was met: the engine refuses the SA from here on. FORGERY stops the inbound SA alone. */
    void hard(SaId sa, ExpireCause cause);

    /** Failed openings have reached the level that an operator should hear of. */
    void alarm(SaId sa, long failedOpenings);

    /** Openings of an SA have failed for the first time, or so often since that a crash should not forget it. */
    void failedStep(SaId sa);

    /** The first record was sealed or accepted. */
    void used(SaId sa);

    /** The first good record came under a pair that waited for it: the pair is confirmed from here on. */
    void confirmed(SaId inbound);

    /**
     * Somebody has answered a request that went under an SA with 4.01 in clear: the peer has no SA for it any more, if it was
     * the peer. Nobody vouches for it. Told for every such answer that a caller hands in.
     */
    void disowned(SaId outbound);

    /** Half of the numbers below the mark are used: raise it before it is reached. */
    void markWanted(SaId sa, Direction direction, long mark);
}
