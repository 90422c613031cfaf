// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.wire.ErrorWire;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Looks at every status that a daemon gives in a test: OK, or a refusal whose code is that of the table. Without a refusal
 * only the transport speaks, and never of INTERNAL or UNKNOWN.
 */
final class StatusConformance implements ClientInterceptor {
    private final List<String> violations = new CopyOnWriteArrayList<>();

    List<String> violations() {
        return violations;
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                check(method, status, trailers);
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }

    private void check(MethodDescriptor<?, ?> method, Status status, Metadata trailers) {
        boolean conforms = ErrorWire.fromStatus(status.asRuntimeException(trailers))
                .map(refusal -> ErrorWire.codeOf(refusal.error()) == status.getCode())
                .orElse(status.getCode() != Status.Code.INTERNAL && status.getCode() != Status.Code.UNKNOWN);
        if (!conforms) {
            violations.add(method.getFullMethodName() + " " + status);
        }
    }
}
