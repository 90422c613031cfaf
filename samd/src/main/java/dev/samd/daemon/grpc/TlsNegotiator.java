// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.AccessWatcher;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.AsciiString;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** TLS 1.3 and 1.2 of the JDK, with required client certificates; says which handshakes failed. */
final class TlsNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    private final InternalProtocolNegotiator.ProtocolNegotiator tls;
    private final ConnectionBound bound;
    private final AccessWatcher watcher;

    /**
     * @param files certificate, key, and who may certify clients
     * @param bound of connections
     * @param watcher hears of handshakes that fail
     * @throws IOException if a file cannot be read, or is not what it has to be
     */
    TlsNegotiator(TlsListen files, ConnectionBound bound, AccessWatcher watcher) throws IOException {
        this.tls = InternalProtocolNegotiators.serverTls(context(files));
        this.bound = bound;
        this.watcher = watcher;
    }

    private static SslContext context(TlsListen files) throws IOException {
        try {
            SslContextBuilder server = SslContextBuilder.forServer(
                    files.certificate().toFile(), files.key().toFile());
            return GrpcSslContexts.configure(server, SslProvider.JDK)
                    .trustManager(files.clientCa().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IOException(
                    "listen: certificate " + files.certificate() + ", key " + files.key() + " and client_ca "
                            + files.clientCa() + " make no TLS server: " + rootOf(e),
                    e);
        }
    }

    private static String rootOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @Override
    public AsciiString scheme() {
        return tls.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpcHandler) {
        return new Looking(tls.newHandler(grpcHandler));
    }

    @Override
    public void close() {
        tls.close();
    }

    /** Stands in front until the TLS handler is there, which is when the channel is active; then looks how it ends. */
    private final class Looking extends ChannelInboundHandlerAdapter {
        private final ChannelHandler next;

        Looking(ChannelHandler next) {
            this.next = next;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            bound.admit(context);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ProtocolNegotiationEvent) {
                context.pipeline().addAfter(context.name(), null, next);
            }
            context.fireUserEventTriggered(event);
            look(context);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.fireChannelActive();
            look(context);
        }

        private void look(ChannelHandlerContext context) {
            SslHandler handler = context.pipeline().get(SslHandler.class);
            if (handler == null) {
                return;
            }
            String source = String.valueOf(context.channel().remoteAddress());
            handler.handshakeFuture().addListener(done -> {
                if (!done.isSuccess()) {
                    String why = done.cause() == null ? "closed" : rootOf(done.cause());
                    watcher.authenticationFailed("tls", source, why);
                }
            });
            context.pipeline().remove(this);
        }
    }
}
