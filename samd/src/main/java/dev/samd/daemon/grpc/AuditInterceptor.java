// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import com.google.protobuf.Message;
import dev.samd.audit.AuditActor;
import dev.samd.audit.AuditEvent;
import dev.samd.daemon.observe.AuditLog;
import dev.samd.wire.ErrorWire;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Brings calls to the audit log. One that changes something is tried when the log has taken its intention, and answered when
 * the log has taken what became of it. A registration is a stream, and goes its own way: {@link AuditedRegistration}.
 *
 * <p>Stands outside of the mapping of errors, and of whoever decides about rights, so it sees every answer as it leaves.
 */
final class AuditInterceptor implements ServerInterceptor {
    private static final String PACKAGE = "samd.v1.";
    private static final String RECORDS = "samd.v1.RecordService";
    private static final String REGISTER = "samd.v1.KmpService/Register";

    private final AuditLog audit;
    private final Executor executor;

    /** @param executor where calls go on that waited for the log */
    AuditInterceptor(AuditLog audit, Executor executor) {
        this.audit = audit;
        this.executor = executor;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (!call.getMethodDescriptor().getFullMethodName().startsWith(PACKAGE)) {
            return next.startCall(call, headers);
        }
        Caller caller = call.getAttributes().get(Caller.ATTRIBUTE);
        AuditActor actor = caller == null ? AuditActor.DAEMON : AuditText.actor(caller);
        if (call.getMethodDescriptor().getFullMethodName().equals(REGISTER)) {
            return AuditedRegistration.start(call, headers, next, audit, executor, actor);
        }
        Audited<Q, R> audited = new Audited<>(call, actor);
        return new Listening<>(next.startCall(audited, headers), audited);
    }

    /** The side on which the answer leaves. */
    private final class Audited<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final AuditActor actor;
        private final boolean ofRecords;
        private volatile @Nullable AuditEvent intended;
        private volatile @Nullable AuditEvent begun;
        private @Nullable R answer;

        Audited(ServerCall<Q, R> call, AuditActor actor) {
            super(call);
            ofRecords = RECORDS.equals(call.getMethodDescriptor().getServiceName());
            this.actor = actor;
        }

        void received(Q request) {
            if (!ofRecords
                    && request instanceof Received<?> received
                    && received.message() instanceof Message message) {
                AuditText.intended(actor, message).ifPresent(event -> intended = event);
            }
        }

        @Override
        public void sendMessage(R message) {
            if (begun != null) {
                // It leaves with the end of the call, when the log has it.
                answer = message;
                return;
            }
            super.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            AuditEvent event = begun;
            if (event == null) {
                super.close(status, trailers);
                return;
            }
            begun = null;
            R message = answer;
            audit.conclude(outcome(event, status, trailers, message))
                    .whenCompleteAsync(
                            (written, failure) -> {
                                if (message != null && status.isOk()) {
                                    super.sendMessage(message);
                                }
                                super.close(status, trailers);
                            },
                            executor);
        }

        private AuditEvent outcome(AuditEvent event, Status status, Metadata trailers, @Nullable R message) {
            if (status.isOk() && message instanceof Message response) {
                return AuditText.done(event, response);
            }
            return ErrorWire.refusalOf(status.asRuntimeException(trailers))
                    .map(refusal -> event.refused(AuditText.reason(refusal)))
                    .orElseGet(() -> event.unknown(status.getCode().name()));
        }

        private String call() {
            return getMethodDescriptor().getFullMethodName().substring(PACKAGE.length());
        }

        /** The log has not taken it: it is not tried. */
        void refuse(Throwable failure) {
            StatusRuntimeException refused = ErrorMapping.statusOf(failure, call());
            Metadata trailers = refused.getTrailers();
            super.close(refused.getStatus(), trailers == null ? new Metadata() : trailers);
        }
    }

    /** The side on which the request comes. */
    private final class Listening<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Audited<Q, ?> call;
        private final Object lock = new Object();
        private boolean cancelled;

        Listening(ServerCall.Listener<Q> delegate, Audited<Q, ?> call) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            call.received(message);
            super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
            AuditEvent event = call.intended;
            if (event == null) {
                super.onHalfClose();
                return;
            }
            audit.intend(event)
                    .whenCompleteAsync(
                            (taken, failure) -> {
                                if (failure != null) {
                                    call.refuse(failure);
                                } else {
                                    go(event);
                                }
                            },
                            executor);
        }

        private void go(AuditEvent event) {
            synchronized (lock) {
                if (cancelled) {
                    var unused = audit.conclude(event.refused("the caller has gone"));
                    return;
                }
                call.begun = event;
                super.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            synchronized (lock) {
                cancelled = true;
                super.onCancel();
            }
        }
    }
}
