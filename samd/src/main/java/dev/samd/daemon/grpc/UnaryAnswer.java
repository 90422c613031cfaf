// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ends a call of one answer with what a step of the database gave, or with why it failed. */
final class UnaryAnswer {
    private UnaryAnswer() {}

    /** When the step is done. */
    static <T, R> void when(CompletionStage<T> step, Function<T, R> reply, StreamObserver<R> observer) {
        step.whenComplete((result, failure) -> end(result, failure, reply, observer));
    }

    /** Now; one of result and failure is null. */
    static <T, R> void end(
            @Nullable T result, @Nullable Throwable failure, Function<T, R> reply, StreamObserver<R> observer) {
        if (failure != null || result == null) {
            observer.onError(failure != null ? failure : new IllegalStateException("a step without a reply"));
            return;
        }
        R answer;
        try {
            answer = reply.apply(result);
        } catch (RuntimeException e) {
            // Nobody else would end the call.
            observer.onError(e);
            return;
        }
        observer.onNext(answer);
        observer.onCompleted();
    }
}
