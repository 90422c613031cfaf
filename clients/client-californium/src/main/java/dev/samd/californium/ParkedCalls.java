// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.SaError;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.californium.core.network.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges that wait for the daemon. Thread-safe.
 *
 * <p>Each call ends exactly once: with its answer, with a failure, with its deadline, or with the end of the endpoint.
 * Answers and failures come back in the executor of the exchange. The end of the endpoint comes on the thread that ends it,
 * since the executor may be gone by then; so a failure handler must run anywhere.
 */
final class ParkedCalls {
    private final int room;
    private final long timeoutNanos;
    private final Set<Call<?>> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ParkedCalls(int room, long timeoutNanos) {
        this.room = room;
        this.timeoutNanos = timeoutNanos;
    }

    /** How many exchanges wait. */
    int size() {
        return calls.size();
    }

    /**
     * Makes a call and lets the exchange go on with its answer, or with the reason why there is none.
     *
     * @return gives the place up: then the call ends with neither, unless it has ended
     */
    <T> Runnable park(
            Exchange exchange,
            long nowNanos,
            Supplier<CompletionStage<T>> call,
            Consumer<T> resume,
            Consumer<SamdProtectionException> fail) {
        if (calls.size() >= room) {
            fail.accept(new SamdProtectionException(
                    SaError.TOO_MANY, "not sent, " + room + " messages already wait for the daemon"));
            return () -> {};
        }
        Call<T> parked = new Call<>(exchange, nowNanos + timeoutNanos, resume, fail);
        calls.add(parked);
        if (closed) {
            end(parked);
            return () -> {};
        }
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (RuntimeException e) {
            settle(parked, null, e);
            return () -> {};
        }
        stage.whenComplete((answer, failure) -> settle(parked, answer, failure));
        return () -> take(parked);
    }

    /** Gives up the calls whose time is over. */
    void sweep(long nowNanos) {
        for (Call<?> call : calls) {
            if (nowNanos - call.deadlineNanos() >= 0) {
                settle(
                        call,
                        null,
                        new SamdProtectionException(
                                SaError.TIMED_OUT,
                                "not sent, the daemon did not answer within " + timeoutNanos / 1_000_000 + " ms"));
            }
        }
    }

    /** Ends all calls, and every later one. */
    void close() {
        closed = true;
        calls.forEach(this::end);
    }

    private void end(Call<?> call) {
        if (take(call)) {
            call.fail().accept(new SamdProtectionException(SaError.SHUTTING_DOWN, "not sent, the endpoint has ended"));
        }
    }

    private <T> void settle(Call<T> call, @Nullable T answer, @Nullable Throwable failure) {
        if (!take(call)) {
            return;
        }
        if (failure == null && answer != null) {
            call.exchange().execute(() -> call.resume().accept(answer));
            return;
        }
        Throwable reason = failure == null ? new IllegalStateException("the daemon answered nothing") : unwrap(failure);
        call.exchange().execute(() -> call.fail().accept(SamdProtectionException.of(reason)));
    }

    private boolean take(Call<?> call) {
        calls.remove(call);
        return call.settled().compareAndSet(false, true);
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof java.util.concurrent.CompletionException && cause != null ? cause : failure;
    }

    private static final class Call<T> {
        private final Exchange exchange;
        private final long deadlineNanos;
        private final Consumer<T> resume;
        private final Consumer<SamdProtectionException> fail;
        private final AtomicBoolean settled = new AtomicBoolean();

        Call(Exchange exchange, long deadlineNanos, Consumer<T> resume, Consumer<SamdProtectionException> fail) {
            this.exchange = exchange;
            this.deadlineNanos = deadlineNanos;
            this.resume = resume;
            this.fail = fail;
        }

        Exchange exchange() {
            return exchange;
        }

        long deadlineNanos() {
            return deadlineNanos;
        }

        Consumer<T> resume() {
            return resume;
        }

        Consumer<SamdProtectionException> fail() {
            return fail;
        }

        AtomicBoolean settled() {
            return settled;
        }
    }
}
