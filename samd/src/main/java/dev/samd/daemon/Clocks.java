// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.sadb.Now;
import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The two clocks of the daemon. Thread-safe.
 *
 * @param nanos monotonic, for deadlines
 * @param wall to be shown
 */
public record Clocks(LongSupplier nanos, Clock wall) {
    /** The clocks of the host. */
    public static final Clocks SYSTEM = new Clocks(System::nanoTime, Clock.systemUTC());

    /** The present. */
    public Now now() {
        return new Now(nanos.getAsLong(), wall.instant());
    }

    /** The wall time of a monotonic one. */
    public Instant wallTime(long atNanos) {
        return wall.instant().plusNanos(atNanos - nanos.getAsLong());
    }
}
