// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.SaId;
import java.util.Optional;

/**
 * What a peer sent is not accepted.
 *
 * @param reason why, for the local caller alone
 * @param sa the SA, where there is one
 * @param tellNetwork whether the peer may be told, and then only that there is no usable SA (an unprotected 4.01)
 */
public record Discarded(DiscardReason reason, Optional<SaId> sa, boolean tellNetwork)
        implements UnprotectResult, OpenResult {
    /** A request for which there is no usable SA: the one thing that may be told. Everything else is silent. */
    static Discarded of(DiscardReason reason, Optional<SaId> sa, boolean request) {
        boolean noUsableSa =
                switch (reason) {
                    case NO_SUCH_SA, SA_EXPIRED, SUSPENDED, FORGERY_LIMIT -> true;
                    case MALFORMED,
                            WRONG_ENDPOINT,
                            BINDING_MISSING,
                            BINDING_MISMATCH,
                            THROTTLED,
                            REPLAY,
                            TOO_OLD,
                            BAD_TAG,
                            POLICY -> false;
                };
        return new Discarded(reason, sa, noUsableSa && request);
    }
}
