// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Answer;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.californium.core.network.Exchange;

/** A server of CoDTLS that has a DTLS server on UDP behind it, which does the handshakes, one after the other. */
final class ServerBridge implements AutoCloseable {
    private static final int HANDSHAKE = 22;
    private static final int HELLO_VERIFY_REQUEST = 3;
    private static final int MESSAGE = 13;

    private final int server;
    private final DatagramFlights datagrams = new DatagramFlights();
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final List<Integer> codes = new CopyOnWriteArrayList<>();
    private final CoapPort port;

    /** @param server UDP port of the DTLS server, on loopback */
    ServerBridge(int server) throws IOException {
        this.server = server;
        this.port = new CoapPort(exchange -> worker.execute(() -> serve(exchange)));
    }

    InetSocketAddress address() {
        return port.address();
    }

    /** The codes of all answers. */
    List<Integer> codes() {
        return codes;
    }

    private void serve(Exchange exchange) {
        Answer answer;
        try {
            answer = answer(
                    "/" + exchange.getRequest().getOptions().getUriPathString(),
                    Octets.of(exchange.getRequest().getPayload()));
        } catch (IOException e) {
            answer = Answer.of(Answer.UNAVAILABLE);
        }
        codes.add(answer.code());
        CoapPort.answer(exchange, answer);
    }

    private Answer answer(String path, Octets flight) throws IOException {
        datagrams.send(flight, server);
        if (Alerts.in(flight).isPresent()) {
            return Answer.of(Answer.BAD_REQUEST);
        }
        boolean hello = path.equals(CodtlsKmp.BASE);
        Octets answer = hello ? datagrams.first() : datagrams.finishing();
        if (Alerts.in(answer).isPresent()) {
            return new Answer(Answer.BAD_REQUEST, CodtlsKmp.FORMAT, answer);
        }
        if (!hello) {
            return new Answer(Answer.CHANGED, CodtlsKmp.FORMAT, answer);
        }
        boolean cookie = answer.at(0) == HANDSHAKE && answer.at(MESSAGE) == HELLO_VERIFY_REQUEST;
        return cookie
                ? new Answer(Answer.UNAUTHORIZED, CodtlsKmp.FORMAT, answer)
                : new Answer(Answer.CREATED, CodtlsKmp.FORMAT, answer, CodtlsKmp.BASE + "/bridge");
    }

    @Override
    public void close() {
        port.close();
        worker.shutdownNow();
        datagrams.close();
    }
}
