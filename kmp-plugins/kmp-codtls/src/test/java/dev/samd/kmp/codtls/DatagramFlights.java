// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A socket that takes the datagrams of a DTLS implementation together to flights. What it sends once more by its timers is left out. */
final class DatagramFlights implements AutoCloseable {
    private static final int RECORD_HEADER = 13;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int HELLO_VERIFY_REQUEST = 3;
    private static final int SERVER_HELLO_DONE = 14;
    private static final int PATIENCE_MILLIS = 20_000;

    private final DatagramSocket socket;
    private @Nullable DatagramPacket last;
    private int lastHello = -1;

    DatagramFlights() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Sends to a port of loopback. */
    void send(Octets flight, int to) throws IOException {
        socket.send(new DatagramPacket(flight.toArray(), flight.length(), InetAddress.getLoopbackAddress(), to));
    }

    /** Sends to whoever was heard last. */
    void reply(Octets flight) throws IOException {
        if (last == null) {
            throw new IllegalStateException("nobody was heard");
        }
        send(flight, last.getPort());
    }

    /** A hello, an answer to one, or an alert. */
    Octets first() throws IOException {
        return flight(false);
    }

    /** A flight with ChangeCipherSpec and Finished, or an alert. */
    Octets finishing() throws IOException {
        return flight(true);
    }

    private Octets flight(boolean finishing) throws IOException {
        ByteArrayOutputStream flight = new ByteArrayOutputStream();
        boolean client = false;
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[8192], 8192);
            socket.receive(packet);
            last = packet;
            Kinds kinds = Kinds.in(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
            client |= kinds.clientsOwn;
            if (kinds.hello && kinds.sequence <= lastHello) {
                continue;
            }
            lastHello = kinds.hello ? kinds.sequence : lastHello;
            if (finishing && !kinds.alert && (kinds.hello || (!client && !kinds.changes && flight.size() == 0))) {
                continue;
            }
            flight.write(packet.getData(), 0, packet.getLength());
            if (kinds.alert || (finishing ? kinds.protects : kinds.ends)) {
                return Octets.of(flight.toByteArray());
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /**
     * What is in a datagram.
     *
     * @param hello a ClientHello
     * @param sequence its message_seq
     * @param ends the last message of a flight before keys
     * @param clientsOwn a message that clients alone send behind a hello
     * @param changes a ChangeCipherSpec
     * @param protects a record under keys
     */
    private record Kinds(
            boolean hello,
            int sequence,
            boolean ends,
            boolean clientsOwn,
            boolean changes,
            boolean protects,
            boolean alert) {
        static Kinds in(ByteBuffer datagram) {
            boolean hello = false;
            int sequence = -1;
            boolean ends = false;
            boolean clientsOwn = false;
            boolean changes = false;
            boolean protects = false;
            boolean alert = false;
            while (datagram.remaining() > RECORD_HEADER) {
                int at = datagram.position();
                int type = datagram.get(at);
                boolean clear = datagram.getShort(at + 3) == 0;
                int message = clear && type == HANDSHAKE ? datagram.get(at + RECORD_HEADER) : -1;
                hello |= message == CLIENT_HELLO;
                sequence = message == CLIENT_HELLO ? datagram.getShort(at + RECORD_HEADER + 4) : sequence;
                ends |= message == CLIENT_HELLO || message == HELLO_VERIFY_REQUEST || message == SERVER_HELLO_DONE;
                clientsOwn |= message == LastFlight.CLIENT_KEY_EXCHANGE || message == LastFlight.CERTIFICATE;
                changes |= clear && type == CHANGE_CIPHER_SPEC;
                protects |= !clear;
                alert |= clear && type == ALERT;
                // Protected records are the last ones of a flight: their headers need not be read.
                datagram.position(
                        clear
                                ? Math.min(datagram.limit(), at + RECORD_HEADER + (datagram.getShort(at + 11) & 0xffff))
                                : datagram.limit());
            }
            return new Kinds(hello, sequence, ends, clientsOwn, changes, protects, alert);
        }
    }
}
