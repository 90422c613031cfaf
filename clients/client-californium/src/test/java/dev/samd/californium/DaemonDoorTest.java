// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.client.SamdClient;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to a real daemon, where none listens. */
class DaemonDoorTest {
    @TempDir
    Path directory;

    @Test
    void withoutDaemonTheRequestFailsAndNamesTheSocket() throws Exception {
        Path socket = directory.resolve("app.sock");
        try (SamdClient daemon = SamdClient.connect(socket);
                DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                TestClient client =
                        new TestClient(SamdOptions.of(MessageProtection.of(daemon.records())), (InetSocketAddress)
                                peer.getLocalSocketAddress())) {
            Request request = client.request(Code.GET, "store");

            assertThat(client.send(request)).isNull();

            assertThat(request.getSendError())
                    .isInstanceOf(SamdProtectionException.class)
                    .hasMessageContaining(socket.toString());
        }
    }

    @Test
    void oneLineMakesAnEndpointThatSendsNothingInClear() throws Exception {
        CoapEndpoint endpoint = Samd.protect(TestServer.builder()).build();
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            endpoint.start();
            Request request = new Request(Code.GET);
            request.setDestinationContext(new AddressEndpointContext((InetSocketAddress) peer.getLocalSocketAddress()));
            request.send(endpoint);
            TestClient.await(request);

            assertThat(request.getSendError()).isInstanceOf(SamdProtectionException.class);
        } finally {
            endpoint.destroy();
        }
    }
}
