// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.AccessWatcher;
import dev.samd.daemon.access.TcpSource;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * TLS 1.3 and 1.2 of the JDK, with required client certificates, by what the files say when a connection begins. Says which
 * handshakes failed, does not hear who fails again and again, and ends connections whose certificates do not count any more when the files change.
 */
final class TlsNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    private final TlsFiles files;
    private final ConnectionBound bound;
    private final AccessWatcher watcher;
    private final LongSupplier nanos;
    private final FailedHandshakes failures = new FailedHandshakes();
    private final AsciiString scheme;
    private final Map<Channel, X509Certificate[]> connected = new ConcurrentHashMap<>();

    /**
     * @param files certificate, key, and who may certify clients
     * @param bound of connections
     * @param watcher hears of handshakes that fail
     * @param nanos monotonic nanoseconds
     */
    TlsNegotiator(TlsFiles files, ConnectionBound bound, AccessWatcher watcher, LongSupplier nanos) {
        this.nanos = nanos;
        this.files = files;
        this.bound = bound;
        this.watcher = watcher;
        this.scheme = by(files.current()).scheme();
    }

    private static InternalProtocolNegotiator.ProtocolNegotiator by(TlsIdentity identity) {
        return InternalProtocolNegotiators.serverTls(identity.context());
    }

    @Override
    public AsciiString scheme() {
        return scheme;
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpcHandler) {
        TlsIdentity identity = files.current();
        return new Looking(by(identity).newHandler(grpcHandler), identity);
    }

    @Override
    public void close() {
        connected.clear();
    }

    /** Looks whether the files changed. Called again and again, by one thread. */
    void look() {
        files.look(now -> connected.forEach((channel, chain) -> hold(channel, chain, now)));
    }

    private void hold(Channel channel, X509Certificate[] chain, TlsIdentity against) {
        against.refusal(chain).ifPresent(why -> {
            watcher.authenticationFailed("tls", source(channel), why);
            var unused = channel.close();
        });
    }

    private static TcpSource source(Channel channel) {
        return RemoteAddress.source(channel.remoteAddress());
    }

    /** Stands in front until the TLS handler is there, which is when the channel is active; then looks how it ends. */
    private final class Looking extends ChannelInboundHandlerAdapter {
        private final ChannelHandler next;
        private final TlsIdentity identity;
        private boolean unheard;

        Looking(ChannelHandler next, TlsIdentity identity) {
            this.next = next;
            this.identity = identity;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            bound.admit(context);
            TcpSource source = source(context.channel());
            unheard = failures.tooMany(source.network(), nanos.getAsLong());
            if (unheard) {
                watcher.authenticationFailed("tls", source, "not heard: too many failures from " + source.network());
                var unused = context.close();
            }
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
            if (handler == null || unheard) {
                return;
            }
            TcpSource source = source(context.channel());
            handler.handshakeFuture().addListener(done -> {
                if (done.isSuccess()) {
                    admitted(context.channel(), handler);
                    return;
                }
                String why = done.cause() == null ? "closed" : TlsIdentity.rootOf(done.cause());
                failures.failed(source.network(), nanos.getAsLong());
                watcher.authenticationFailed("tls", source, why);
            });
            context.pipeline().remove(this);
        }

        private void admitted(Channel channel, SslHandler handler) throws SSLPeerUnverifiedException {
            X509Certificate[] chain = Arrays.stream(
                            handler.engine().getSession().getPeerCertificates())
                    .toArray(X509Certificate[]::new);
            connected.put(channel, chain);
            channel.closeFuture().addListener(closed -> connected.remove(channel));
            // Files that changed since this handshake began were held against the connections before it.
            TlsIdentity now = files.current();
            if (!now.equals(identity)) {
                hold(channel, chain, now);
            }
        }
    }
}
