// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import com.google.protobuf.Message;
import dev.samd.daemon.Clocks;
import dev.samd.v1.Operation;
import dev.samd.wire.ErrorWire;
import dev.samd.wire.FieldWire;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;

/**
 * Shows the calls that change or read the SADB, the policies and the registrations to those who watch promiscuously: when
 * they are answered, with the refusal if they are refused, never with keys. Of a registration every message is shown.
 */
final class OperationInterceptor implements ServerInterceptor {
    private static final String PACKAGE = "samd.v1.";
    private static final Set<String> SERVICES =
            Set.of("samd.v1.SadbService", "samd.v1.KmpService", "samd.v1.PolicyService");

    private final OperationFeed feed;
    private final Clocks clocks;

    OperationInterceptor(OperationFeed feed, Clocks clocks) {
        this.feed = feed;
        this.clocks = clocks;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (service == null || !SERVICES.contains(service)) {
            return next.startCall(call, headers);
        }
        Shown<Q, R> shown = new Shown<>(call);
        return new Listening<>(next.startCall(shown, headers), shown);
    }

    /** The side on which the answer leaves. */
    private final class Shown<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final boolean streaming;
        private volatile String subject = "";

        Shown(ServerCall<Q, R> call) {
            super(call);
            streaming = call.getMethodDescriptor().getType() == MethodType.BIDI_STREAMING;
        }

        void received(Q request) {
            if (feed.isWatched()
                    && request instanceof Received<?> received
                    && received.message() instanceof Message message) {
                subject = SubjectText.of(message);
                if (streaming) {
                    feed.tell(operation().build());
                }
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (feed.isWatched() && !(streaming && status.isOk())) {
                Operation.Builder operation = operation();
                ErrorWire.refusalOf(status.asRuntimeException(trailers)).ifPresent(operation::setRefusal);
                feed.tell(operation.build());
            }
            super.close(status, trailers);
        }

        private Operation.Builder operation() {
            Caller caller = getAttributes().get(Caller.ATTRIBUTE);
            return Operation.newBuilder()
                    .setTime(FieldWire.timestamp(clocks.wall().instant()))
                    .setPrincipal(caller == null ? "" : caller.principal())
                    .setCall(getMethodDescriptor().getFullMethodName().substring(PACKAGE.length()))
                    .setSubject(subject);
        }
    }

    /** The side on which the request comes. */
    private static final class Listening<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Shown<Q, ?> shown;

        Listening(ServerCall.Listener<Q> delegate, Shown<Q, ?> shown) {
            super(delegate);
            this.shown = shown;
        }

        @Override
        public void onMessage(Q message) {
            shown.received(message);
            super.onMessage(message);
        }
    }
}
