// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import org.junit.jupiter.api.Test;

class ExplainBudgetTest {
    private final ExplainBudget budget = new ExplainBudget();
    private long start = Long.MAX_VALUE - 5 * ExplainBudget.NANOS_EACH; // the clock wraps on the way

    private void spend(int times, long now) {
        for (int i = 0; i < times; i++) {
            budget.spend("uid:1", now);
        }
    }

    private void refused(long now) {
        SaException e = catchThrowableOfType(SaException.class, () -> budget.spend("uid:1", now));
        assertThat(e.error()).isEqualTo(SaError.TOO_MANY);
    }

    @Test
    void someAtOnceAndThenOneAtATime() {
        spend(ExplainBudget.AT_ONCE, start);
        refused(start);
        refused(start + ExplainBudget.NANOS_EACH - 1);

        spend(1, start + ExplainBudget.NANOS_EACH);
        refused(start + ExplainBudget.NANOS_EACH);
        spend(ExplainBudget.AT_ONCE, start + 100 * ExplainBudget.NANOS_EACH);
        refused(start + 100 * ExplainBudget.NANOS_EACH);
    }

    @Test
    void callersDoNotSpendEachOthers() {
        spend(ExplainBudget.AT_ONCE, start);

        budget.spend("uid:2", start);

        refused(start);
    }

    @Test
    void manyCallersLeaveNothingBehindThatLetsOneSpendMore() {
        spend(ExplainBudget.AT_ONCE, start);
        for (int i = 10; i < 5000; i++) {
            budget.spend("uid:" + i, start);
        }

        refused(start);
    }
}
