// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.TcpSource;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The other end of a connection, for counting and for the record. */
final class RemoteAddress {
    private static final int PREFIX_OCTETS = 8;

    private RemoteAddress() {}

    static TcpSource source(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress tcp) || tcp.getAddress() == null) {
            return new TcpSource(String.valueOf(remote), 0, String.valueOf(remote));
        }
        String address = tcp.getAddress().getHostAddress();
        return new TcpSource(address, tcp.getPort(), network(tcp.getAddress(), address));
    }

    private static String network(InetAddress source, String address) {
        if (!(source instanceof Inet6Address)) {
            return address;
        }
        byte[] octets = source.getAddress();
        Arrays.fill(octets, PREFIX_OCTETS, octets.length, (byte) 0);
        try {
            return InetAddress.getByAddress(octets).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
