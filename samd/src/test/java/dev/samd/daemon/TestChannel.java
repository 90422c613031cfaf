// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client's connection to a daemon's socket. */
final class TestChannel implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ManagedChannel channel;
    private final StatusConformance conformance = new StatusConformance();

    TestChannel(Path socket) {
        this(socket, NettyChannelBuilder.DEFAULT_FLOW_CONTROL_WINDOW);
    }

    /** @param window octets that the daemon may send and nobody has read (RFC 9113 s6.9) */
    TestChannel(Path socket, int window) {
        channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(group)
                .overrideAuthority("localhost")
                .usePlaintext()
                .flowControlWindow(window)
                .intercept(conformance)
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Every status so far that no daemon may give. */
    List<String> violations() {
        return conformance.violations();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
