// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.audit.AuditActor;
import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import dev.samd.daemon.observe.AuditLog;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.Refusal;
import dev.samd.v1.SaType;
import dev.samd.wire.ErrorWire;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Brings the registration of a KMP to the audit log. Its hello is handed on when the log has taken the intention, and what it is
 * answered leaves when the log has taken what became of it; until then everything behind it waits. The end of a registration is
 * told, and waits for nothing.
 *
 * <p>{@code onMessage(hello) → intend → hello → first answer → conclude → answers}
 */
final class AuditedRegistration<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private static final String CALL = "KmpService/Register";

    private final AuditLog audit;
    private final Executor executor;
    private final AuditActor actor;
    private final Object lock = new Object();
    // All below under the lock.
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private @Nullable AuditEvent begun;
    private @Nullable AuditEvent registered;

    private AuditedRegistration(ServerCall<Q, R> call, AuditLog audit, Executor executor, AuditActor actor) {
        super(call);
        this.audit = audit;
        this.executor = executor;
        this.actor = actor;
    }

    /** @param executor where calls go on that waited for the log */
    static <Q, R> ServerCall.Listener<Q> start(
            ServerCall<Q, R> call,
            Metadata headers,
            ServerCallHandler<Q, R> next,
            AuditLog audit,
            Executor executor,
            AuditActor actor) {
        AuditedRegistration<Q, R> audited = new AuditedRegistration<>(call, audit, executor, actor);
        return new Listening<>(next.startCall(audited, headers), audited);
    }

    private Optional<AuditEvent> wanted(Object request) {
        if (request instanceof Received<?> received
                && received.message() instanceof KmpServiceRegisterRequest register
                && register.hasHello()
                && !register.getHello().getTypesList().equals(List.of(SaType.SA_TYPE_UNSPECIFIED))) {
            return Optional.of(AuditEvent.intended(AuditKind.REGISTER, actor)
                    .with("kmp", register.getHello().getKmp()));
        }
        return Optional.empty();
    }

    private void begin(AuditEvent event) {
        synchronized (lock) {
            begun = event;
        }
    }

    @Override
    public void sendMessage(R message) {
        AuditEvent done;
        synchronized (lock) {
            if (begun == null && !holding) {
                super.sendMessage(message);
                return;
            }
            held.add(() -> super.sendMessage(message));
            if (begun == null) {
                return;
            }
            done = begun.done();
            registered = begun;
            begun = null;
            holding = true;
        }
        conclude(done);
    }

    @Override
    public void close(Status status, Metadata trailers) {
        Optional<Refusal> refusal = ErrorWire.refusalOf(status.asRuntimeException(trailers));
        AuditEvent ended;
        synchronized (lock) {
            if (begun == null && !holding) {
                super.close(status, trailers);
                return;
            }
            held.add(() -> super.close(status, trailers));
            if (begun == null) {
                return;
            }
            AuditEvent tried = begun;
            ended = refusal.map(why -> tried.refused(AuditText.reason(why)))
                    .orElseGet(() -> tried.unknown(status.getCode().name()));
            begun = null;
            holding = true;
        }
        // A KMP may be refused by its name alone, which no rule did.
        refusal.filter(why -> why.getReason() == Refusal.Reason.NOT_PERMITTED)
                .ifPresent(why -> audit.record(AuditEvent.denied(actor, CALL, AuditText.reason(why))));
        conclude(ended);
    }

    private void conclude(AuditEvent event) {
        audit.conclude(event).whenCompleteAsync((written, failure) -> release(), executor);
    }

    private void release() {
        synchronized (lock) {
            holding = false;
            held.forEach(Runnable::run);
            held.clear();
        }
    }

    /** The log has not taken it: it is not tried. */
    private void refuse(Throwable failure) {
        StatusRuntimeException refused = ErrorMapping.statusOf(failure, CALL);
        Metadata trailers = refused.getTrailers();
        super.close(refused.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private void ended() {
        AuditEvent cutOff;
        AuditEvent gone;
        synchronized (lock) {
            cutOff = begun;
            gone = registered;
            begun = null;
            registered = null;
        }
        if (cutOff != null) {
            var unused = audit.conclude(cutOff.unknown("CANCELLED"));
        }
        if (gone != null) {
            audit.record(new AuditEvent(
                            AuditKind.UNREGISTER, gone.outcome(), actor, gone.sas(), gone.details(), gone.reason())
                    .done());
        }
    }

    /** The side on which the requests come. */
    private static final class Listening<Q> extends SimpleForwardingServerCallListener<Q> {
        private final AuditedRegistration<Q, ?> call;
        private final Object lock = new Object();
        // All below under the lock.
        private boolean asked;
        private boolean waiting;
        private boolean halfClosed;
        private boolean over;

        Listening(ServerCall.Listener<Q> delegate, AuditedRegistration<Q, ?> call) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            AuditEvent event;
            synchronized (lock) {
                event = asked ? null : call.wanted(message).orElse(null);
                if (event == null) {
                    super.onMessage(message);
                    return;
                }
                asked = true;
                waiting = true;
            }
            call.audit
                    .intend(event)
                    .whenCompleteAsync((taken, failure) -> goOn(event, message, failure), call.executor);
        }

        private void goOn(AuditEvent event, Q message, @Nullable Throwable failure) {
            synchronized (lock) {
                waiting = false;
                if (failure != null) {
                    if (!over) {
                        over = true;
                        call.refuse(failure);
                        // Whoever waits for the hello waits no more.
                        super.onCancel();
                    }
                    return;
                }
                if (over) {
                    var unused = call.audit.conclude(event.refused("the caller has gone"));
                    return;
                }
                call.begin(event);
                super.onMessage(message);
                if (halfClosed) {
                    super.onHalfClose();
                }
            }
        }

        @Override
        public void onHalfClose() {
            synchronized (lock) {
                if (waiting) {
                    halfClosed = true;
                } else if (!over) {
                    super.onHalfClose();
                }
            }
        }

        @Override
        public void onCancel() {
            synchronized (lock) {
                if (over) {
                    return;
                }
                over = true;
                super.onCancel();
            }
            call.ended();
        }

        @Override
        public void onComplete() {
            synchronized (lock) {
                if (over) {
                    return;
                }
                over = true;
                super.onComplete();
            }
            call.ended();
        }
    }
}
