// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import org.junit.jupiter.api.Test;

class CallerUseTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Quota SMALL = new Quota(10, 4, 1, 1, 2, 1, 2);

    private final CallerUse use = new CallerUse("uid:1", new HeldOctets(1000));

    private static SaException refused(Runnable call) {
        SaException refusal = catchThrowableOfType(SaException.class, call::run);
        assertThat(refusal.error()).isEqualTo(SaError.OVER_QUOTA);
        return refusal;
    }

    private void call(long now) {
        use.begin(SMALL, now);
        use.end();
    }

    @Test
    void aSecondsCallsAtOnceAndThenOneForEachTenth() {
        long now = Long.MAX_VALUE - SECOND / 2;
        for (int i = 0; i < 10; i++) {
            call(now);
        }

        SaException over = refused(() -> call(now));

        assertThat(over.subject()).isEqualTo("calls_per_second");
        assertThat(over.retryAfterMillis()).isEqualTo(101);
        call(now + over.retryAfterMillis() * 1_000_000L);
        refused(() -> call(now + over.retryAfterMillis() * 1_000_000L));
        for (int i = 0; i < 10; i++) {
            call(now + 3 * SECOND);
        }
    }

    @Test
    void aRateOfNothingHasRoomForNothing() {
        Quota none = new Quota(0, 4, 1, 1, 2, 1, 2);

        assertThat(refused(() -> use.begin(none, 0)).subject()).isEqualTo("calls_per_second");
    }

    @Test
    void whoeverIsDeniedTooOftenWaits() {
        use.denied(SMALL, 0);
        use.requireFewDenials(SMALL, 0);
        use.denied(SMALL, 0);

        SaException over = refused(() -> use.requireFewDenials(SMALL, 0));

        assertThat(over.subject()).isEqualTo("denials_per_second");
        assertThat(over.retryAfterMillis()).isEqualTo(501);
        // Calls under way may be denied meanwhile: it owes a second at most.
        for (int i = 0; i < 100; i++) {
            use.denied(SMALL, 0);
        }
        use.requireFewDenials(SMALL, SECOND / 2 + 1);
        use.requireFewDenials(Quota.UNLIMITED, 0);
    }

    @Test
    void callsInFlightAreGivenBack() {
        for (int i = 0; i < 4; i++) {
            use.begin(SMALL, 0);
        }

        assertThat(refused(() -> use.begin(SMALL, 0)).subject()).isEqualTo("calls_in_flight");
        use.end();
        use.begin(SMALL, 0);
    }

    @Test
    void acquiresAndWatchersHaveBoundsOfTheirOwn() {
        use.beginAcquire(SMALL);
        use.beginAcquire(SMALL);
        use.beginWatch(SMALL);

        assertThat(refused(() -> use.beginAcquire(SMALL)).subject()).isEqualTo("pending_acquires");
        assertThat(refused(() -> use.beginWatch(SMALL)).subject()).isEqualTo("watchers");
        use.endAcquire();
        use.endWatch();
        use.beginAcquire(SMALL);
        use.beginWatch(SMALL);
    }

    @Test
    void whoHasNoQuotaIsNotCounted() {
        for (int i = 0; i < 100_000; i++) {
            use.begin(Quota.UNLIMITED, 0);
        }
        use.beginWatch(Quota.UNLIMITED);
    }

    @Test
    void connectionsOfOnePrincipalShareWhatItTakes() {
        CallerTable table = new CallerTable(new HeldOctets(1000));

        assertThat(table.connect("uid:1", 0).orElseThrow())
                .isSameAs(table.connect("uid:1", 0).orElseThrow());
    }

    @Test
    void theTableForgetsWhoHasGoneAndNobodyElse() {
        CallerTable table = new CallerTable(new HeldOctets(1000));
        CallerUse busy = table.connect("busy", 0).orElseThrow();
        CallerUse owing = table.connect("owing", 0).orElseThrow();
        for (int i = 0; i < 10; i++) {
            owing.begin(SMALL, 0);
            owing.end();
        }
        table.disconnect(owing);
        for (int i = 0; table.size() < CallerTable.MAX_PRINCIPALS; i++) {
            table.disconnect(table.connect("gone " + i, 0).orElseThrow());
        }

        CallerUse fresh = table.connect("fresh", 0).orElseThrow();

        assertThat(table.size()).isEqualTo(3);
        assertThat(table.connect("busy", 0)).containsSame(busy);
        assertThat(table.connect("owing", 0)).containsSame(owing);
        assertThat(table.connect("fresh", 0)).containsSame(fresh);
    }

    @Test
    void aTableOfThoseWhoStayTakesNoMore() {
        CallerTable table = new CallerTable(new HeldOctets(1000));
        for (int i = 0; i < CallerTable.MAX_PRINCIPALS; i++) {
            assertThat(table.connect("stays " + i, 0)).isPresent();
        }

        assertThat(table.connect("late", 0)).isEmpty();
        assertThat(table.connect("stays 7", 0)).isPresent();
    }

    @Test
    void whatIsHeldForOnePrincipalLeavesRoomForTheOthers() {
        CallerTable table = new CallerTable(new HeldOctets(1000));
        CallerUse greedy = table.connect("uid:1", 0).orElseThrow();
        CallerUse other = table.connect("uid:2", 0).orElseThrow();
        greedy.hold(499);
        greedy.requireRoom();

        greedy.hold(1);

        assertThat(greedy.isFull()).isTrue();
        assertThatThrownBy(greedy::requireRoom).isInstanceOfSatisfying(SaException.class, refusal -> {
            assertThat(refusal.error()).isEqualTo(SaError.TOO_MANY);
            assertThat(refusal.retryAfterMillis()).isPositive();
        });
        other.requireRoom();
        greedy.hold(-1);
        greedy.requireRoom();
    }

    @Test
    void whatIsHeldForAllTogetherIsBounded() {
        CallerTable table = new CallerTable(new HeldOctets(1000));
        for (int i = 0; i < 3; i++) {
            table.connect("uid:" + i, 0).orElseThrow().hold(334);
        }
        CallerUse late = table.connect("uid:9", 0).orElseThrow();

        assertThatThrownBy(late::requireRoom).isInstanceOf(SaException.class);
    }
}
