// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.wire.ErrorWire;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Calls by the thousand that are made at once: counts what becomes of them. */
final class Flood {
    /** Outcomes of calls: {@code OK}, the reason of a refusal, or what the transport said. */
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    /** Refusals that do not say when to try again. */
    private final AtomicInteger withoutDelay = new AtomicInteger();

    private final AtomicLong open = new AtomicLong();

    <Q, R> void call(Channel channel, MethodDescriptor<Q, R> method, Q request) {
        open.incrementAndGet();
        ClientCalls.asyncUnaryCall(channel.newCall(method, CallOptions.DEFAULT), request, new StreamObserver<>() {
            @Override
            public void onNext(R answer) {
                // Its end is counted.
            }

            @Override
            public void onError(Throwable failure) {
                ErrorWire.fromStatus(failure).ifPresentOrElse(Flood.this::refused, () -> ended(failure.toString()));
            }

            @Override
            public void onCompleted() {
                ended("OK");
            }
        });
    }

    private void refused(SaException refusal) {
        if (refusal.retryAfterMillis() == 0) {
            withoutDelay.incrementAndGet();
        }
        ended(refusal.error().name());
    }

    private void ended(String outcome) {
        outcomes.computeIfAbsent(outcome, o -> new AtomicInteger()).incrementAndGet();
        open.decrementAndGet();
    }

    boolean isOver() {
        return open.get() == 0;
    }

    int answered() {
        return count("OK");
    }

    private int count(String outcome) {
        AtomicInteger count = outcomes.get(outcome);
        return count == null ? 0 : count.get();
    }

    /** Every call was answered; some were refused since there were too many, and those may be made again later. */
    void requireShed() {
        assertThat(outcomes.keySet())
                .isSubsetOf("OK", SaError.OVER_QUOTA.name(), SaError.TOO_MANY.name())
                .contains("OK");
        assertThat(outcomes.keySet()).as("%s", outcomes).hasSizeGreaterThan(1);
        assertThat(withoutDelay.get()).as("refusals without a delay").isZero();
    }
}
