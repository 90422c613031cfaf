// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.wire.ErrorWire;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what handlers throw into statuses, by the one table, on both sides of the call: an exception that a handler throws
 * surfaces in the listener, one that it hands to {@code onError} arrives in {@code close}.
 *
 * <p>A refusal keeps its reason as detail. Anything else is a fault of ours: its text stays here and its stack is logged
 * once.
 */
final class ErrorMapping implements ServerInterceptor {
    private static final Logger log = LoggerFactory.getLogger(ErrorMapping.class);

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Mapped<Q, R> mapped = new Mapped<>(call);
        try {
            return new Guarded<>(next.startCall(mapped, headers), mapped);
        } catch (RuntimeException e) {
            mapped.refuse(e);
            return new ServerCall.Listener<>() {};
        }
    }

    /** The status of an exception, with the refusal as detail where it is one. */
    static StatusRuntimeException statusOf(Throwable failure, String method) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SaException refusal) {
                return ErrorWire.toStatus(refusal);
            }
            if (cause instanceof UncheckedIOException) {
                log.warn("the host failed a call method={}", method, cause);
                return ErrorWire.toStatus(
                        new SaException(SaError.SHUTTING_DOWN, "", "the host could not serve the call"));
            }
        }
        log.error("a fault of the daemon method={}", method, failure);
        return Status.INTERNAL
                .withDescription("a fault of the daemon; see its log")
                .asRuntimeException();
    }

    /** The side on which answers leave. Closes once. */
    private static final class Mapped<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private boolean closed;

        Mapped(ServerCall<Q, R> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            Throwable cause = status.getCause();
            if (status.isOk() || cause == null) {
                closeOnce(status, trailers);
            } else {
                refuse(cause);
            }
        }

        void refuse(Throwable failure) {
            StatusRuntimeException mapped =
                    statusOf(failure, getMethodDescriptor().getFullMethodName());
            closeOnce(mapped.getStatus(), mapped.getTrailers());
        }

        private void closeOnce(Status status, @Nullable Metadata trailers) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            delegate().close(status, trailers == null ? new Metadata() : trailers);
        }
    }

    /** The side on which requests arrive. */
    private static final class Guarded<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Mapped<Q, ?> call;

        Guarded(ServerCall.Listener<Q> delegate, Mapped<Q, ?> call) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onCancel() {
            guard(super::onCancel);
        }

        @Override
        public void onComplete() {
            guard(super::onComplete);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }

        private void guard(Runnable event) {
            try {
                event.run();
            } catch (RuntimeException e) {
                call.refuse(e);
            }
        }
    }
}
