// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForgeryThrottleTest {
    private static final long SECOND = ForgeryThrottle.NANOS_PER_TOKEN;

    @ParameterizedTest
    @ValueSource(longs = {0, 12_345, -77, Long.MAX_VALUE - 5, Long.MIN_VALUE})
    void holdsABurstAndThenOneTokenPerSecondWhateverTheClockSays(long start) {
        ForgeryThrottle throttle = new ForgeryThrottle(start);

        assertThat(debits(throttle, start, 1000)).isEqualTo(64);
        assertThat(debits(throttle, start + SECOND - 1, 1000)).isZero();
        assertThat(debits(throttle, start + SECOND, 1000)).isEqualTo(1);
        assertThat(debits(throttle, start + 11 * SECOND, 1000)).isEqualTo(10);
        assertThat(debits(throttle, start + 10_000 * SECOND, 1000)).isEqualTo(64);
    }

    @Test
    void theBucketsAreApart() {
        ForgeryThrottle throttle = new ForgeryThrottle(0);
        debits(throttle, 0, 64);

        assertThat(throttle.isEmpty(false, 0)).isTrue();
        assertThat(throttle.isEmpty(true, 0)).isFalse();
    }

    /** How many of so many failures in a row are let through to the AEAD. */
    private static int debits(ForgeryThrottle throttle, long now, int attempts) {
        int through = 0;
        for (int i = 0; i < attempts && !throttle.isEmpty(false, now); i++) {
            throttle.debit(false, now);
            through++;
        }
        return through;
    }
}
