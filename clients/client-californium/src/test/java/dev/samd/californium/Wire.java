// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A relay of datagrams between one client and one server, on loopback: it keeps what it saw, and a test may lose, repeat or
 * replace datagrams.
 */
final class Wire implements AutoCloseable {
    final List<byte[]> toServer = new CopyOnWriteArrayList<>();
    final List<byte[]> toClient = new CopyOnWriteArrayList<>();
    /** What becomes of a datagram: a list of datagrams, possibly empty. */
    volatile UnaryOperator<List<byte[]>> requests = UnaryOperator.identity();

    volatile UnaryOperator<List<byte[]>> responses = UnaryOperator.identity();

    private final DatagramSocket front;
    private final DatagramSocket back;
    private final InetSocketAddress server;
    private volatile InetSocketAddress client;

    Wire(InetSocketAddress server) throws IOException {
        this.server = server;
        front = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        back = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        new Thread(() -> pump(front, true), "wire-front").start();
        new Thread(() -> pump(back, false), "wire-back").start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    private void pump(DatagramSocket socket, boolean fromClient) {
        byte[] buffer = new byte[65_535];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] octets = Arrays.copyOf(packet.getData(), packet.getLength());
                if (fromClient) {
                    client = (InetSocketAddress) packet.getSocketAddress();
                }
                (fromClient ? toServer : toClient).add(octets);
                for (byte[] next : (fromClient ? requests : responses).apply(List.of(octets))) {
                    send(next, fromClient);
                }
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    /** Sends a datagram of the test's own to the client, from the server's side of the wire. */
    void inject(byte[] octets) throws IOException {
        send(octets, false);
    }

    private void send(byte[] octets, boolean onward) throws IOException {
        if (onward) {
            back.send(new DatagramPacket(octets, octets.length, server));
        } else {
            front.send(new DatagramPacket(octets, octets.length, client));
        }
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
