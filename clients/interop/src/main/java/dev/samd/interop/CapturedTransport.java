// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import org.bouncycastle.tls.DatagramTransport;

/** Datagrams of a connected socket for the handshake. Closing it leaves the socket open: the records go on there. */
final class CapturedTransport implements DatagramTransport {
    private final DatagramSocket socket;
    private final int mtu;
    private final Capture capture;

    CapturedTransport(DatagramSocket socket, int mtu, Capture capture) {
        this.socket = socket;
        this.mtu = mtu;
        this.capture = capture;
    }

    @Override
    public int getReceiveLimit() {
        return mtu;
    }

    @Override
    public int getSendLimit() {
        return mtu;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        socket.setSoTimeout(Math.max(1, waitMillis));
        DatagramPacket packet = new DatagramPacket(buffer, offset, length);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException e) {
            return -1;
        }
        if (!socket.isConnected()) {
            // A server learns its peer by the first datagram.
            socket.connect(packet.getSocketAddress());
        }
        capture.received(socket, buffer, offset, packet.getLength());
        return packet.getLength();
    }

    @Override
    public void send(byte[] buffer, int offset, int length) throws IOException {
        capture.sent(socket, buffer, offset, length);
        socket.send(new DatagramPacket(buffer, offset, length));
    }

    @Override
    public void close() {}
}
