// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import org.jspecify.annotations.Nullable;

/**
 * The answers to a call that has many, read one by one by a thread that may wait. What is not read is not sent.
 *
 * <p>Read by one thread; closed by any.
 */
final class ServerStream<T> implements AutoCloseable {
    private final Connection connection;
    private final BlockingClientCall<?, T> call;
    private volatile boolean closed;

    <Q> ServerStream(Connection connection, MethodDescriptor<Q, T> method, Q request) {
        connection.requireMayBlock();
        this.connection = connection;
        try {
            this.call = ClientCalls.blockingV2ServerStreamingCall(
                    connection.channel(), method, CallOptions.DEFAULT, request);
        } catch (RuntimeException e) {
            throw connection.failure(e);
        }
    }

    /** The next answer, or {@code null} at the end, after {@link #close}, and when the thread is interrupted. */
    @Nullable
    T next() {
        try {
            return call.read();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (StatusException e) {
            if (closed) {
                return null;
            }
            throw connection.failure(e);
        }
    }

    /** Waits until the first answer is there, or the end; only then has the daemon surely seen the call. */
    void awaitFirst() {
        try {
            call.hasNext();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StatusException e) {
            throw connection.failure(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        call.cancel("not wanted any more", null);
    }
}
