// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.sa.Direction;
import dev.samd.sa.SaId;

/** Who uses numbers below a mark: hears of marks once they are durable. */
@FunctionalInterface
public interface MarkHolder {
    /** Numbers below {@code mark} may be used from now on. */
    void raise(SaId sa, Direction direction, long mark);
}
