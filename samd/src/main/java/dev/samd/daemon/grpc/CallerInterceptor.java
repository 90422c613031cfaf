// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Puts the caller that the transport found into the context of the call. */
final class CallerInterceptor implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Caller caller = call.getAttributes().get(Caller.ATTRIBUTE);
        if (caller == null) {
            return next.startCall(call, headers);
        }
        return Contexts.interceptCall(caller.in(Context.current()), call, headers, next);
    }
}
