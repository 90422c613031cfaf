// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * Starts a call anew that could not be started because another thread has just made the channel idle
 * ({@link Connection#channel}): between the two looks that gRPC takes at its resolver the resolver has gone, and what it
 * throws then ("Resolution is pending", seen with 1.85.1) leaves nothing begun.
 */
final class StartedAnew implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new Call<>(method, options, next);
    }

    private static final class Call<Q, R> extends ForwardingClientCall<Q, R> {
        private final MethodDescriptor<Q, R> method;
        private final CallOptions options;
        private final Channel next;
        private ClientCall<Q, R> call;

        Call(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            this.method = method;
            this.options = options;
            this.next = next;
            this.call = next.newCall(method, options);
        }

        @Override
        protected ClientCall<Q, R> delegate() {
            return call;
        }

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            try {
                call.start(listener, headers);
            } catch (IllegalStateException e) {
                call = next.newCall(method, options);
                call.start(listener, headers);
            }
        }
    }
}
