// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.sa.Direction;
import dev.samd.sa.SaId;

/** Who uses numbers below a mark: hears of marks once they are durable. */
public interface MarkHolder {
    /** Numbers below {@code mark} may be used from now on. */
    void raise(SaId sa, Direction direction, long mark);

    /** The mark as it is; 0 for an SA that is not there. */
    long mark(SaId sa, Direction direction);
}
