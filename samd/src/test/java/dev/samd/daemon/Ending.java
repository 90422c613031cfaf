// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** The one answer of a call, or its failure. */
record Ending<R>(CompletableFuture<R> done) implements StreamObserver<R> {
    @Override
    public void onNext(R answer) {
        done.complete(answer);
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        // The answer came before.
    }
}
