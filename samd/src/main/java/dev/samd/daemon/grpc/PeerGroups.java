// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/**
 * The supplementary groups of the process at the other end of a Unix socket, which the kernel noted when it connected
 * (SO_PEERGROUPS, Linux 4.13).
 *
 * <p>The kernel fills a buffer from its beginning, and how far is not passed on: a zero after the last group looks like group
 * 0. So group 0 is never taken from here; as a primary group it is told elsewhere. What cannot be found out gives nothing.
 */
final class PeerGroups {
    /** More than a process has anywhere; whoever has more (Linux allows 65 536) is taken for one without. */
    static final int MOST = 1024;

    /** asm-generic/socket.h, which holds wherever Netty has an epoll transport. */
    private static final int SOL_SOCKET = 1;

    private static final int SO_PEERGROUPS = 59;

    private static final RawUnixChannelOption OPTION =
            new RawUnixChannelOption("SAMD_SO_PEERGROUPS", SOL_SOCKET, SO_PEERGROUPS, MOST * Integer.BYTES);

    private PeerGroups() {}

    /** The groups, unsigned; without group 0. */
    static Set<Integer> of(EpollDomainSocketChannel channel) {
        ByteBuffer told;
        try {
            told = channel.config().getOption(OPTION);
        } catch (ChannelException e) {
            // More groups than have room, or a kernel that does not know the option.
            return Set.of();
        }
        Set<Integer> groups = new HashSet<>();
        told.order(ByteOrder.nativeOrder());
        while (told.remaining() >= Integer.BYTES) {
            int group = told.getInt();
            if (group != 0) {
                groups.add(group);
            }
        }
        return groups;
    }
}
