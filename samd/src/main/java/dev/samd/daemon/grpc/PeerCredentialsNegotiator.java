// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import io.grpc.Attributes;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.util.AsciiString;
import java.util.Set;

/**
 * Asks the kernel who is at the other end of a Unix socket and puts the answer where {@link CallerFilter} finds it. With {@link
 * TlsNegotiator} the one that uses gRPC's internal interface, which has no public way to the channel.
 */
final class PeerCredentialsNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    /** What the kernel says. */
    static final Attributes.Key<Peer> PEER = Attributes.Key.create("samd-peer-credentials");

    /**
     * Who is at the other end.
     *
     * @param credentials user, primary group and process
     * @param groups its supplementary groups, as far as they are known
     */
    record Peer(PeerCredentials credentials, Set<Integer> groups) {}

    private final InternalProtocolNegotiator.ProtocolNegotiator plaintext =
            InternalProtocolNegotiators.serverPlaintext();
    private final ConnectionBound bound;

    PeerCredentialsNegotiator(ConnectionBound bound) {
        this.bound = bound;
    }

    @Override
    public AsciiString scheme() {
        return plaintext.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpcHandler) {
        return new Asking(plaintext.newHandler(grpcHandler));
    }

    @Override
    public void close() {
        plaintext.close();
    }

    private final class Asking extends ChannelInboundHandlerAdapter {
        private final ChannelHandler next;

        Asking(ChannelHandler next) {
            this.next = next;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            bound.admit(context);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (!(event instanceof ProtocolNegotiationEvent negotiation)) {
                super.userEventTriggered(context, event);
                return;
            }
            EpollDomainSocketChannel channel = (EpollDomainSocketChannel) context.channel();
            Peer peer = new Peer(channel.peerCredentials(), PeerGroups.of(channel));
            Attributes attributes = InternalProtocolNegotiationEvent.getAttributes(negotiation).toBuilder()
                    .set(PEER, peer)
                    .build();
            context.pipeline().replace(this, null, next);
            context.pipeline()
                    .fireUserEventTriggered(InternalProtocolNegotiationEvent.withAttributes(negotiation, attributes));
        }
    }
}
