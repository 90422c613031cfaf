// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.sadb.KeyPrint;
import dev.samd.sa.Direction;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.util.Optional;

/** Who uses numbers below a mark: hears of marks once they are durable. */
public interface MarkHolder {
    /**
     * The store is about to be asked for a mark, and may grant it even if its answer is lost: numbers below count as used for
     * whoever has the key next.
     *
     * @return the key that the mark is of; empty for an SA that is not there any more: then the store must not be asked
     */
    Optional<KeyPrint> reserve(SaId sa, Direction direction, long mark);

    /** Numbers below {@code mark} may be used from now on. */
    void raise(SaId sa, Direction direction, long mark);

    /** What an SA has been used for by now; nothing for one that is not there. */
    Usage usage(SaId sa);

    /** The mark as it is; 0 for an SA that is not there. */
    long mark(SaId sa, Direction direction);
}
