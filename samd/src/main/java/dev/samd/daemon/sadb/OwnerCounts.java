// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaState;
import java.util.HashMap;
import java.util.Map;

/** How many SAs each principal has that are not DEAD. Confined to its database's thread. */
final class OwnerCounts {
    private static final int RETRY_MILLIS = 1_000;

    private final Map<String, Count> counts = new HashMap<>();

    /** An SA is there. */
    void enter(SadbEntry entry) {
        counts.merge(entry.owner(), Count.of(entry, 1), Count::plus);
    }

    /** An SA, as it was when it entered, is there no more. */
    void leave(SadbEntry entry) {
        Count left = counts.merge(entry.owner(), Count.of(entry, -1), Count::plus);
        if (left.all == 0) {
            counts.remove(entry.owner());
        }
    }

    /**
     * Refuses what goes beyond a quota.
     *
     * @param more SAs that come
     * @param larval how many of them are LARVAL
     * @throws SaException {@link SaError#OVER_QUOTA}
     */
    void requireRoom(SadbCaller caller, int more, int larval) {
        Count present = counts.getOrDefault(caller.principal(), Count.NONE);
        if ((long) present.all + more > caller.mostSas()) {
            throw over(caller, "sas", caller.mostSas());
        }
        if (larval > 0 && (long) present.larval + larval > caller.mostLarval()) {
            throw over(caller, "larval_sas", caller.mostLarval());
        }
    }

    private static SaException over(SadbCaller caller, String limit, int most) {
        return new SaException(
                SaError.OVER_QUOTA,
                limit,
                "quota of " + caller.principal() + ": " + limit + " is " + most + ", and all are there",
                RETRY_MILLIS);
    }

    private record Count(int all, int larval) {
        static final Count NONE = new Count(0, 0);

        static Count of(SadbEntry entry, int sign) {
            return new Count(sign, entry.state() == SaState.LARVAL ? sign : 0);
        }

        Count plus(Count other) {
            return new Count(all + other.all, larval + other.larval);
        }
    }
}
