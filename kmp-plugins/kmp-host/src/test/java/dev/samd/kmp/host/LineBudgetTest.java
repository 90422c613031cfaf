// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LineBudgetTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final LineBudget budget = new LineBudget(2);

    @Test
    void linesOfOneMinuteAreBoundedAndTheRestIsCounted() {
        assertThat(budget.take(NOON)).hasValue(0);
        assertThat(budget.take(NOON.plusSeconds(1))).hasValue(0);
        assertThat(budget.take(NOON.plusSeconds(2))).isEmpty();
        assertThat(budget.take(NOON.plusSeconds(59))).isEmpty();

        assertThat(budget.take(NOON.plusSeconds(60))).hasValue(2);
        assertThat(budget.take(NOON.plusSeconds(61))).hasValue(0);
    }

    @Test
    void clockThatIsPutBackSilencesNothing() {
        budget.take(NOON);
        budget.take(NOON);

        assertThat(budget.take(NOON.minusSeconds(3600))).hasValue(0);
    }
}
