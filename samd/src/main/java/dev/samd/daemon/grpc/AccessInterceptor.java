// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.Decision;
import dev.samd.daemon.access.Verb;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The door of every call: the quota of the caller first, then whether its roles allow the call here at all. Which SAs it may
 * be about, the call itself asks. Puts the caller into the context.
 */
final class AccessInterceptor implements ServerInterceptor {
    private final LongSupplier nanos;

    AccessInterceptor(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Caller caller = call.getAttributes().get(Caller.ATTRIBUTE);
        String method = call.getMethodDescriptor().getFullMethodName();
        if (caller == null) {
            throw new SaException(SaError.TOO_MANY, method, "too many principals are connected");
        }
        Verb verb = Verb.ofMethod(method).orElse(null);
        boolean streams = !call.getMethodDescriptor().getType().serverSendsOneMessage();
        Place place = new Place(caller, verb, streams, nanos.getAsLong());
        try {
            if (verb == null) {
                throw caller.denied(method, method, "no rule can allow " + method);
            }
            Decision decision = caller.rights().mayCall(verb, caller.door());
            caller.require(verb, "", decision);
            if (verb.changes()) {
                caller.watcher().granted(caller.rights().principal(), verb.shortName(), decision.rule());
            }
            return new Counted<>(Contexts.interceptCall(caller.in(Context.current()), call, headers, next), place);
        } catch (RuntimeException e) {
            place.leave();
            throw e;
        }
    }

    /** The place of one call in the quota. */
    private static final class Place {
        private final Caller caller;
        private final boolean watches;
        private final boolean streams;
        private final AtomicLong held = new AtomicLong();
        private final AtomicBoolean left = new AtomicBoolean();

        Place(Caller caller, @Nullable Verb verb, boolean streams, long nowNanos) {
            this.caller = caller;
            this.streams = streams;
            this.watches = verb == Verb.WATCH;
            try {
                if (verb == null || !verb.isOpenToAll()) {
                    caller.use().requireFewDenials(caller.quota(), nowNanos);
                }
                caller.use().begin(caller.quota(), nowNanos);
                holdOrEnd(streams ? ServiceLimits.STREAM : ServiceLimits.CALL);
                if (watches) {
                    beginWatch();
                }
            } catch (SaException e) {
                caller.watcher()
                        .overQuota(caller.rights().principal(), verb == null ? "" : verb.shortName(), e.subject());
                throw e;
            }
        }

        private void beginWatch() {
            try {
                caller.use().beginWatch(caller.quota());
            } catch (SaException e) {
                caller.use().hold(-held.get());
                caller.use().end();
                throw e;
            }
        }

        private void holdOrEnd(int octets) {
            try {
                caller.use().requireRoom();
            } catch (SaException e) {
                caller.use().end();
                throw e;
            }
            hold(octets);
        }

        private void hold(long octets) {
            held.addAndGet(octets);
            caller.use().hold(octets);
        }

        /** A request is there, and waits; its answer is about as long, and waits for its reader. */
        void received(int octets) {
            if (!streams) {
                hold(2L * octets);
            }
        }

        void leave() {
            if (left.compareAndSet(false, true)) {
                caller.use().end();
                caller.use().hold(-held.get());
                if (watches) {
                    caller.use().endWatch();
                }
            }
        }
    }

    /** A call that ends once, whichever way. */
    private static final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Place place;

        Counted(ServerCall.Listener<Q> delegate, Place place) {
            super(delegate);
            this.place = place;
        }

        @Override
        public void onMessage(Q message) {
            if (message instanceof Received<?> received) {
                place.received(received.octets());
            }
            super.onMessage(message);
        }

        @Override
        public void onComplete() {
            try {
                super.onComplete();
            } finally {
                place.leave();
            }
        }

        @Override
        public void onCancel() {
            try {
                super.onCancel();
            } finally {
                place.leave();
            }
        }
    }
}
