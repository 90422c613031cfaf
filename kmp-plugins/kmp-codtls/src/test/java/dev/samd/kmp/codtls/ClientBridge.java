// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Answer;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Carries the flights of a DTLS client, which knows nothing but UDP, in CoAP POSTs to a server of CoDTLS. */
final class ClientBridge implements AutoCloseable {
    private static final int MOST = 6;

    private final InetSocketAddress server;
    private final DatagramFlights client = new DatagramFlights();
    private final CoapPort port = new CoapPort(exchange -> {});

    ClientBridge(InetSocketAddress server) throws IOException {
        this.server = server;
    }

    /** Where the DTLS client finds its server. */
    int udpPort() {
        return client.port();
    }

    /** The answers to all flights: until the server has said its last word. */
    List<Answer> run() throws IOException {
        List<Answer> answers = new ArrayList<>();
        String path = CodtlsKmp.BASE;
        while (answers.size() < MOST) {
            Octets flight = path.equals(CodtlsKmp.BASE) ? client.first() : client.finishing();
            Answer answer = port.post(server, path, CodtlsKmp.FORMAT, flight)
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
            answers.add(answer);
            if (!answer.payload().isEmpty()) {
                client.reply(answer.payload());
            }
            if (answer.code() == Answer.CREATED) {
                path = answer.location();
            } else if (answer.code() != Answer.UNAUTHORIZED) {
                return answers;
            }
        }
        throw new IOException("no end after " + MOST + " flights");
    }

    @Override
    public void close() {
        client.close();
        port.close();
    }
}
