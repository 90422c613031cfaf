// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.SaError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.Exchange.Origin;
import org.junit.jupiter.api.Test;

class ParkedCallsTest {
    private static final long TIMEOUT = 1_000;

    private final ParkedCalls parked = new ParkedCalls(2, TIMEOUT);
    private final Exchange exchange = new Exchange(new Request(Code.GET), "peer", Origin.LOCAL, Runnable::run);
    private final List<String> ends = new ArrayList<>();

    private Runnable park(long now, CompletionStage<String> stage) {
        return parked.park(
                exchange,
                now,
                () -> stage,
                ends::add,
                failure -> ends.add(failure.error().name()));
    }

    private Runnable parkForEver(long now) {
        return park(now, new CompletableFuture<>());
    }

    @Test
    void anAnswerResumesOnceAndLeavesNothing() {
        CompletableFuture<String> call = new CompletableFuture<>();
        park(0, call);
        assertThat(parked.size()).isOne();

        call.complete("answer");
        parked.sweep(10 * TIMEOUT);
        parked.close();

        assertThat(ends).containsExactly("answer");
        assertThat(parked.size()).isZero();
    }

    @Test
    void anAnswerThatIsThereAlreadyResumesAtOnce() {
        park(0, CompletableFuture.completedFuture("at once"));

        assertThat(ends).containsExactly("at once");
    }

    @Test
    void aCallIsGivenUpAtItsDeadlineAndNotBefore() {
        CompletableFuture<String> call = new CompletableFuture<>();
        park(5, call);

        parked.sweep(5 + TIMEOUT - 1);
        assertThat(ends).isEmpty();
        parked.sweep(5 + TIMEOUT);
        call.complete("too late");

        assertThat(ends).containsExactly(SaError.TIMED_OUT.name());
        assertThat(parked.size()).isZero();
    }

    @Test
    void theDeadlineIsRightAcrossTheOverflowOfTheClock() {
        long now = Long.MAX_VALUE - 10;
        parkForEver(now);

        parked.sweep(Long.MAX_VALUE);
        assertThat(ends).isEmpty();
        parked.sweep(now + TIMEOUT);

        assertThat(ends).containsExactly(SaError.TIMED_OUT.name());
    }

    @Test
    void beyondTheRoomACallIsNotMade() {
        parkForEver(0);
        parkForEver(0);
        parked.<String>park(
                exchange,
                0,
                () -> {
                    throw new AssertionError("called");
                },
                ends::add,
                failure -> ends.add(failure.error().name()));

        assertThat(ends).containsExactly(SaError.TOO_MANY.name());
        assertThat(parked.size()).isEqualTo(2);
    }

    @Test
    void whoGivesHisPlaceUpIsToldNothingAndMakesRoom() {
        CompletableFuture<String> call = new CompletableFuture<>();
        Runnable leave = park(0, call);
        parkForEver(0);

        leave.run();
        assertThat(parked.size()).isOne();
        call.complete("too late");
        leave.run();
        parkForEver(0);

        assertThat(ends).isEmpty();
        assertThat(parked.size()).isEqualTo(2);
    }

    @Test
    void givingUpWhatHasEndedChangesNothing() {
        Runnable leave = park(0, CompletableFuture.completedFuture("answer"));

        leave.run();

        assertThat(ends).containsExactly("answer");
    }

    @Test
    void theEndEndsAllCallsAndEveryLaterOne() {
        parkForEver(0);
        parked.close();
        parkForEver(0);

        assertThat(ends).containsExactly(SaError.SHUTTING_DOWN.name(), SaError.SHUTTING_DOWN.name());
        assertThat(parked.size()).isZero();
    }

    @Test
    void aDaemonThatAnswersNothingIsAFailure() {
        park(0, CompletableFuture.completedFuture(null));

        assertThat(ends).containsExactly(SaError.SHUTTING_DOWN.name());
    }
}
