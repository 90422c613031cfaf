// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.tls.DTLSTransport;

/**
 * One session with connection IDs (RFC 9146). None of the programs has them, so the peer is Bouncy Castle's DTLS in this process: it
 * opens a record of samd, and samd opens one of it.
 */
final class IdentifiedSession {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int MAX_DATAGRAM = 2048;
    private static final int CONNECTION_ID = 25;
    private static final String SAMDS = "a record of samd\n";
    private static final String PEERS = "a record of the peer\n";

    private IdentifiedSession() {}

    /** What records to samd carry, as hexadecimal text. */
    static String own(CipherSuite suite) {
        return "5a3d" + suite.codeHex();
    }

    /** What records to its peer carry. */
    static String theirs(CipherSuite suite) {
        return "bc00" + suite.codeHex() + "bc";
    }

    /**
     * Holds it.
     *
     * @return all datagrams of it
     * @throws IOException if one of the records was not understood
     */
    static Capture run(Daemon daemon, CipherSuite suite) throws IOException, InterruptedException {
        Capture capture = new Capture();
        String name = "coap://connection-ids-" + suite.codeHex() + ".test";
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            client.connect(server.getLocalSocketAddress());
            CompletableFuture<String> heard = peer(server, suite);
            Handshake.Identified session = Handshake.asClient(
                    Handshake.over(client, capture), suite, HexFormat.of().parseHex(own(suite)));
            daemon.install(name, suite, session);
            byte[] record = daemon.seal(name, SAMDS.getBytes(StandardCharsets.US_ASCII));
            capture.sent(client, record, 0, record.length);
            client.send(new DatagramPacket(record, record.length));
            expect(SAMDS, heard.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
            expect(PEERS, new String(daemon.open(received(client, capture)), StandardCharsets.US_ASCII));
            return capture;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the peer did not understand: " + e.getMessage(), e);
        }
    }

    /** A peer that tells the first thing it hears, and answers it. */
    private static CompletableFuture<String> peer(DatagramSocket socket, CipherSuite suite) {
        CompletableFuture<String> heard = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                DTLSTransport session = Handshake.peer(
                        Handshake.over(socket, new Capture()),
                        suite,
                        HexFormat.of().parseHex(theirs(suite)));
                byte[] octets = new byte[MAX_DATAGRAM];
                int length = session.receive(octets, 0, octets.length, PATIENCE_MILLIS);
                byte[] answer = PEERS.getBytes(StandardCharsets.US_ASCII);
                session.send(answer, 0, answer.length);
                heard.complete(new String(octets, 0, Math.max(0, length), StandardCharsets.US_ASCII));
            } catch (IOException e) {
                heard.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return heard;
    }

    /** The next record of application data: the Finished has been taken by the handshake. */
    private static byte[] received(DatagramSocket socket, Capture capture) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
        socket.receive(packet);
        byte[] record = Arrays.copyOf(packet.getData(), packet.getLength());
        capture.received(socket, record, 0, record.length);
        if (record[0] != CONNECTION_ID) {
            throw new IOException("a record of type " + record[0] + " from the peer");
        }
        return record;
    }

    private static void expect(String wanted, String got) throws IOException {
        if (!got.equals(wanted)) {
            throw new IOException("opened \"" + got.strip() + "\"");
        }
    }
}
