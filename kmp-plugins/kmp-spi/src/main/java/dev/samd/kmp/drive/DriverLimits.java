// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import java.time.Duration;

/**
 * Bounds of one driver.
 *
 * @param initiators runs that answer acquires
 * @param responders runs that requests began
 * @param respondersPerSource the same for one source
 * @param halfOpen runs that listen and have nothing to install yet; one more ends the oldest of them
 * @param halfOpenPerSource the same for one source
 * @param run how long a run may take
 */
public record DriverLimits(
        int initiators, int responders, int respondersPerSource, int halfOpen, int halfOpenPerSource, Duration run) {
    /** The run's time is that of an acquire: MAX_TRANSMIT_SPAN and more (RFC 7252 s4.8.2), several times. */
    public static final DriverLimits DEFAULT = new DriverLimits(1024, 1024, 16, 64, 4, Duration.ofSeconds(247));

    /** The same limits with other bounds of half-open runs. */
    public DriverLimits withHalfOpen(int all, int ofOneSource) {
        return new DriverLimits(initiators, responders, respondersPerSource, all, ofOneSource, run);
    }
}
