// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.RecordServiceStreamResponse;
import dev.samd.wire.ErrorWire;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One item of the record stream and who waits for its answer. Immutable but for its future. */
final class PendingCall<T> {
    private final RecordServiceStreamRequest.Item item;
    private final int size;
    private final long deadlineNanos;
    private final Reader<T, RecordServiceStreamResponse.Item> reader;
    private final CompletableFuture<T> future = new CompletableFuture<>();

    PendingCall(
            RecordServiceStreamRequest.Item item,
            long deadlineNanos,
            Reader<T, RecordServiceStreamResponse.Item> reader) {
        this.item = item;
        this.size = item.getSerializedSize();
        this.deadlineNanos = deadlineNanos;
        this.reader = reader;
    }

    RecordServiceStreamRequest.Item item() {
        return item;
    }

    /** Octets of the item. */
    int size() {
        return size;
    }

    /** Whether the time for an answer is over. */
    boolean overdue(long nowNanos) {
        return nowNanos - deadlineNanos > 0;
    }

    CompletableFuture<T> future() {
        return future;
    }

    /** Completes the future with an answer of the daemon. */
    void answer(Connection connection, RecordServiceStreamResponse.Item answer) {
        try {
            if (answer.hasRefused()) {
                future.completeExceptionally(ErrorWire.fromRefusal(answer.getRefused())
                        .<RuntimeException>map(e -> e)
                        .orElseGet(() -> connection.incomprehensible("with a reason that this client does not know: "
                                + answer.getRefused().getMessage())));
                return;
            }
            T result = connection.understand(() -> reader.read(answer));
            if (result == null) {
                throw connection.incomprehensible("with " + answer.getOutcomeCase() + " to " + item.getCallCase());
            }
            future.complete(result);
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    /** Reads the answer of one kind of call. */
    interface Reader<T, A> {
        /** The result, or {@code null} if the answer is of another kind. */
        @Nullable
        T read(A answer);
    }
}
