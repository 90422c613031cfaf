// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.sa.SaId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How fast SAs are used, measured between the rises of their marks. Nothing is unsafe if it is wrong. */
final class Paces {
    private static final int MOST = 65_536;
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** What was that long ago says nothing of now. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<SaId, Pace> paces = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SaId, Pace> eldest) {
            return size() > MOST;
        }
    };

    /**
     * Records in a second, as of the last measurement; 0 as long as there is none.
     *
     * @param records how many there were by now
     */
    long perSecond(SaId sa, long records, long nowNanos) {
        Pace pace = paces.get(sa);
        long passed = pace == null ? Long.MAX_VALUE : nowNanos - pace.sinceNanos;
        if (pace == null || passed > MOST_NANOS) {
            paces.put(sa, new Pace(nowNanos, records, 0));
            return 0;
        }
        if (passed < LEAST_NANOS) {
            return pace.perSecond;
        }
        long perSecond = (long) ((records - pace.records) * 1e9 / passed);
        paces.put(sa, new Pace(nowNanos, records, perSecond));
        return perSecond;
    }

    private record Pace(long sinceNanos, long records, long perSecond) {}
}
