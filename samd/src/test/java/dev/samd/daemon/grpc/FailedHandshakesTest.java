// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailedHandshakesTest {
    private static final long NOW = Long.MAX_VALUE - FailedHandshakes.NANOS_EACH;

    private final FailedHandshakes failures = new FailedHandshakes();

    @Test
    void afterSoManyAtOnceOneIsHeardEachTenthOfASecond() {
        for (int i = 0; i < FailedHandshakes.AT_ONCE; i++) {
            assertThat(failures.tooMany("a", NOW)).isFalse();
            failures.failed("a", NOW);
        }

        assertThat(failures.tooMany("a", NOW)).isTrue();
        assertThat(failures.tooMany("b", NOW)).isFalse();
        assertThat(failures.tooMany("a", NOW + FailedHandshakes.NANOS_EACH)).isFalse();
    }

    @Test
    void moreNetworksThanAreKeptAreHeardUntilThereIsRoom() {
        for (int i = 0; i < FailedHandshakes.MOST; i++) {
            failures.failed("n" + i, 0);
        }
        for (int i = 0; i < FailedHandshakes.AT_ONCE; i++) {
            failures.failed("late", 0);
        }
        assertThat(failures.tooMany("late", 0)).isFalse();

        for (int i = 0; i < FailedHandshakes.AT_ONCE; i++) {
            failures.failed("late", FailedHandshakes.NANOS_EACH);
        }
        assertThat(failures.tooMany("late", FailedHandshakes.NANOS_EACH)).isTrue();
    }
}
