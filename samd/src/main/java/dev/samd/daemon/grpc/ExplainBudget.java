// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.HashMap;
import java.util.Map;

/** How often a caller may have captured messages looked at, since each try of a tag may count against an SA. Thread-safe. */
final class ExplainBudget {
    static final int AT_ONCE = 20;
    static final long NANOS_EACH = 100_000_000L;
    private static final int MAX_IDLE = 1024;

    /** When the budget of a principal is whole again, in monotonic nanoseconds. */
    private final Map<String, Long> wholeAt = new HashMap<>();

    /** @throws SaException {@link SaError#TOO_MANY} */
    synchronized void spend(String principal, long nowNanos) {
        if (wholeAt.size() >= MAX_IDLE) {
            wholeAt.values().removeIf(whole -> whole - nowNanos <= 0);
        }
        Long whole = wholeAt.get(principal);
        long owed = whole == null ? 0 : Math.max(0, whole - nowNanos);
        if (owed > (AT_ONCE - 1) * NANOS_EACH) {
            throw new SaException(
                    SaError.TOO_MANY,
                    principal,
                    "more than " + AT_ONCE + " captured messages at once; one each " + NANOS_EACH / 1_000_000
                            + " ms is looked at");
        }
        wholeAt.put(principal, nowNanos + owed + NANOS_EACH);
    }
}
