// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.io.InputStream;

/**
 * A service whose messages may be garbage. Stock gRPC answers octets that are no message with UNKNOWN and logs a stack for
 * each; here they arrive as a refusal like any other, and so do messages that are too large, or missing.
 */
final class TolerantService {
    private TolerantService() {}

    /** The service with its methods wrapped. */
    static ServerServiceDefinition of(ServerServiceDefinition service) {
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName());
        descriptor.setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        var methods = service.getMethods().stream().map(TolerantService::wrap).toList();
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder tolerant = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(tolerant::addMethod);
        return tolerant.build();
    }

    private static <Q, R> ServerMethodDefinition<Received<Q>, R> wrap(ServerMethodDefinition<Q, R> method) {
        MethodDescriptor<Q, R> original = method.getMethodDescriptor();
        MethodDescriptor<Received<Q>, R> tolerant = original.toBuilder(
                        new Tolerant<>(original), original.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(
                tolerant, (call, headers) -> start(call, headers, original, method.getServerCallHandler()));
    }

    private static <Q, R> ServerCall.Listener<Received<Q>> start(
            ServerCall<Received<Q>, R> call,
            Metadata headers,
            MethodDescriptor<Q, R> original,
            ServerCallHandler<Q, R> handler) {
        ServerCall.Listener<Q> listener = handler.startCall(new Inner<>(call, original), headers);
        return new Unwrapping<>(listener, original.getType().clientSendsOneMessage());
    }

    /** Hands the octets of a message on, readable or not. */
    private static final class Tolerant<Q> implements MethodDescriptor.Marshaller<Received<Q>> {
        private final MethodDescriptor<Q, ?> original;

        Tolerant(MethodDescriptor<Q, ?> original) {
            this.original = original;
        }

        @Override
        public InputStream stream(Received<Q> value) {
            throw new IllegalStateException("requests of " + original.getFullMethodName() + " are read only");
        }

        @Override
        public Received<Q> parse(InputStream octets) {
            try {
                int length = octets.available();
                if (length > ServiceLimits.MESSAGE) {
                    return Received.refused(new SaException(
                            SaError.TOO_LARGE,
                            length + " octets",
                            "message of " + length + " octets; at most " + ServiceLimits.MESSAGE + " are read"));
                }
                return Received.message(original.parseRequest(octets), length);
            } catch (RuntimeException | IOException e) {
                // The cause is dropped on purpose: it quotes what a stranger sent.
                return Received.refused(new SaException(
                        SaError.MALFORMED,
                        original.getFullMethodName(),
                        "octets that are not one message of " + original.getFullMethodName()));
            }
        }
    }

    /** The call as the wrapped handler sees it. */
    private static final class Inner<Q, R> extends ServerCall<Q, R> {
        private final ServerCall<Received<Q>, R> call;
        private final MethodDescriptor<Q, R> method;

        Inner(ServerCall<Received<Q>, R> call, MethodDescriptor<Q, R> method) {
            this.call = call;
            this.method = method;
        }

        @Override
        public void request(int numMessages) {
            call.request(numMessages);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            call.sendHeaders(headers);
        }

        @Override
        public void sendMessage(R message) {
            call.sendMessage(message);
        }

        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void close(io.grpc.Status status, Metadata trailers) {
            call.close(status, trailers);
        }

        @Override
        public boolean isCancelled() {
            return call.isCancelled();
        }

        @Override
        public void setMessageCompression(boolean enabled) {
            call.setMessageCompression(enabled);
        }

        @Override
        public void setCompression(String compressor) {
            call.setCompression(compressor);
        }

        @Override
        public void setOnReadyThreshold(int numBytes) {
            call.setOnReadyThreshold(numBytes);
        }

        @Override
        public io.grpc.Attributes getAttributes() {
            return call.getAttributes();
        }

        @Override
        public String getAuthority() {
            return call.getAuthority();
        }

        @Override
        public io.grpc.SecurityLevel getSecurityLevel() {
            return call.getSecurityLevel();
        }

        @Override
        public MethodDescriptor<Q, R> getMethodDescriptor() {
            return method;
        }
    }

    /** Throws what cannot be a request, for the mapping of errors to answer. */
    private static final class Unwrapping<Q> extends ServerCall.Listener<Received<Q>> {
        private final ServerCall.Listener<Q> listener;
        private final boolean one;
        private boolean empty = true;

        Unwrapping(ServerCall.Listener<Q> listener, boolean one) {
            this.listener = listener;
            this.one = one;
        }

        @Override
        public void onMessage(Received<Q> message) {
            empty = false;
            listener.onMessage(message.messageOrThrow());
        }

        @Override
        public void onHalfClose() {
            if (one && empty) {
                throw new SaException(SaError.MALFORMED, "", "a call without its message");
            }
            listener.onHalfClose();
        }

        @Override
        public void onCancel() {
            listener.onCancel();
        }

        @Override
        public void onComplete() {
            listener.onComplete();
        }

        @Override
        public void onReady() {
            listener.onReady();
        }
    }
}
