// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.atomic.AtomicInteger;

/** The bound of connections of one listener: those beyond it are closed at once. */
final class ConnectionBound {
    private final AtomicInteger connections = new AtomicInteger();
    private final int most;

    ConnectionBound(int most) {
        this.most = most;
    }

    /** Counts a connection as long as it lives, or closes it. */
    void admit(ChannelHandlerContext context) {
        int open = connections.incrementAndGet();
        context.channel().closeFuture().addListener(closed -> connections.decrementAndGet());
        if (open > most) {
            ChannelFuture unused = context.close();
        }
    }
}
