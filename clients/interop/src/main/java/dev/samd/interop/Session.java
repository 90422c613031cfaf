// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** One live session with a peer: a handshake, then records of samd in its place, in both directions. */
final class Session {
    private static final int APPLICATION_DATA = 23;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int MAX_DATAGRAM = 2048;

    /** CoAP: Confirmable GET of /time, Message ID 1, no Token. */
    private static final byte[] GET_TIME = {0x40, 1, 0, 1, (byte) 0xb4, 't', 'i', 'm', 'e'};

    private static final byte CONTENT = 0x45;

    /**
     * What came of it.
     *
     * @param agreed whether the handshake came to its end
     * @param toPeer whether the peer understood a record of samd
     * @param fromPeer whether samd understood a record of the peer
     * @param reason why not; empty if both did
     */
    record Outcome(boolean agreed, boolean toPeer, boolean fromPeer, String reason) {}

    private final Peer peer;
    private final CipherSuite suite;
    private final Daemon daemon;
    private final Path directory;
    private final Capture capture;
    private final String name;
    private boolean agreed;
    private boolean toPeer;
    private boolean fromPeer;

    Session(Peer peer, CipherSuite suite, Daemon daemon, Path directory, Capture capture) {
        this.peer = peer;
        this.suite = suite;
        this.daemon = daemon;
        this.directory = directory;
        this.capture = capture;
        this.name = "coap://" + peer.title().replace(' ', '-').replace('_', '-') + "-" + suite.codeHex() + ".test";
    }

    /** Runs it to its end. A peer that does not offer the suite is an outcome as well. */
    Outcome run() throws InterruptedException {
        try {
            if (peer.role() == Peer.Role.CLIENT) {
                serve();
            } else {
                call();
            }
            return new Outcome(agreed, toPeer, fromPeer, "");
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            return new Outcome(
                    agreed, toPeer, fromPeer, reason.lines().findFirst().orElse(""));
        }
    }

    private void call() throws IOException, InterruptedException {
        int port = freePort();
        try (Program program = peer.start(directory, port, suite);
                DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Handshake.Keys keys = Handshake.asClient(Handshake.over(socket, capture), suite);
            agreed = true;
            daemon.install(name, suite, keys);
            exchange(program, socket);
        }
    }

    private void serve() throws IOException, InterruptedException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Program program = peer.start(directory, socket.getLocalPort(), suite)) {
            Handshake.Keys keys = Handshake.asServer(Handshake.over(socket, capture), suite);
            agreed = true;
            daemon.install(name, suite, keys);
            exchange(program, socket);
        }
    }

    private void exchange(Program program, DatagramSocket socket) throws IOException, InterruptedException {
        switch (peer.role()) {
            case SERVER, CLIENT -> {
                send(socket, text("a record of samd\n"));
                program.await("a record of samd");
                toPeer = true;
                program.type("a record of the peer");
                expect("a record of the peer\n", receive(socket));
            }
            case ECHO -> {
                send(socket, text("a record of samd\n"));
                expect("a record of samd\n", receive(socket));
                toPeer = true;
            }
            case COAP -> {
                send(socket, GET_TIME);
                byte[] response = receive(socket);
                if (response.length < 4 || response[1] != CONTENT) {
                    throw new IOException("answered " + Arrays.toString(response));
                }
                toPeer = true;
            }
        }
        fromPeer = true;
    }

    private void send(DatagramSocket socket, byte[] content) throws IOException, InterruptedException {
        byte[] record = daemon.seal(name, content);
        capture.sent(socket, record, 0, record.length);
        socket.send(new DatagramPacket(record, record.length));
    }

    /** The content of the next record of application data. Records of the handshake that come late are passed over. */
    private byte[] receive(DatagramSocket socket) throws IOException, InterruptedException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
            socket.receive(packet);
            byte[] record = Arrays.copyOf(packet.getData(), packet.getLength());
            capture.received(socket, record, 0, record.length);
            if (record.length > 0 && record[0] == APPLICATION_DATA) {
                return daemon.open(name, record);
            }
        }
    }

    private static void expect(String wanted, byte[] content) throws IOException {
        String text = new String(content, StandardCharsets.US_ASCII);
        if (!text.equals(wanted)) {
            throw new IOException("opened \"" + text.strip() + "\"");
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
