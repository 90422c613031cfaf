// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.wire.ErrorWire;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts the calls that are under way, and lets the daemon stop between them: from {@link #begin} on new calls are refused
 * with SHUTTING_DOWN, streams are asked to end, and {@link #await} waits for the rest. Thread-safe.
 */
final class Drain implements ServerInterceptor {
    private final Object lock = new Object();
    private final Set<Runnable> streams = new LinkedHashSet<>();
    private int calls;
    private boolean stopping;

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (!isOurs(call)) {
            // Health and reflection have streams without an end: the end of the transport ends them.
            return next.startCall(call, headers);
        }
        synchronized (lock) {
            if (stopping) {
                StatusRuntimeException refused = ErrorWire.toStatus(refusal());
                Metadata trailers = refused.getTrailers();
                call.close(refused.getStatus(), trailers == null ? new Metadata() : trailers);
                return new ServerCall.Listener<>() {};
            }
            calls++;
        }
        return new Counted<>(next.startCall(call, headers));
    }

    private static boolean isOurs(ServerCall<?, ?> call) {
        return call.getMethodDescriptor().getFullMethodName().startsWith("samd.");
    }

    /** What a call or an item hears that comes too late. */
    static SaException refusal() {
        return new SaException(SaError.SHUTTING_DOWN, "samd", "the daemon is stopping");
    }

    boolean isStopping() {
        synchronized (lock) {
            return stopping;
        }
    }

    /**
     * Enters a stream that only ends when it is asked to.
     *
     * @param end ends it; run at once if the daemon is stopping already
     */
    void enter(Runnable end) {
        synchronized (lock) {
            if (!stopping) {
                streams.add(end);
                return;
            }
        }
        end.run();
    }

    /** The stream has ended of itself. */
    void leave(Runnable end) {
        synchronized (lock) {
            streams.remove(end);
        }
    }

    /** Refuses new calls from now on and asks streams to end. */
    void begin() {
        List<Runnable> ending;
        synchronized (lock) {
            stopping = true;
            ending = List.copyOf(streams);
            streams.clear();
        }
        ending.forEach(Runnable::run);
    }

    /** Waits for the calls under way. False if there are some still when the time is over. */
    boolean await(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (lock) {
            while (calls > 0) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                try {
                    lock.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    private void done() {
        synchronized (lock) {
            calls--;
            lock.notifyAll();
        }
    }

    /** A call that ends once, whichever way. */
    private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
        private final AtomicBoolean ended = new AtomicBoolean();

        Counted(ServerCall.Listener<Q> delegate) {
            super(delegate);
        }

        @Override
        public void onComplete() {
            try {
                super.onComplete();
            } finally {
                end();
            }
        }

        @Override
        public void onCancel() {
            try {
                super.onCancel();
            } finally {
                end();
            }
        }

        private void end() {
            if (ended.compareAndSet(false, true)) {
                done();
            }
        }
    }
}
