// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    private final RateLimit limit = new RateLimit(3, 0);

    private int taken(int attempts, long nowNanos) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += limit.take(nowNanos) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void onlySoManyAreTakenInASecond() {
        assertThat(taken(10, 0)).isEqualTo(3);
        assertThat(taken(10, SECOND - 1)).isZero();
    }

    @Test
    void anotherSecondGivesAsManyAgainAndNoMoreForHavingWaited() {
        taken(10, 0);

        assertThat(taken(10, 5 * SECOND)).isEqualTo(3);
        assertThat(taken(10, 6 * SECOND)).isEqualTo(3);
    }
}
