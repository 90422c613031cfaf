// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.net.InetSocketAddress;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.network.CoapEndpoint;

/** A stock endpoint on loopback, that knows nothing of protection. */
final class TestStock implements AutoCloseable {
    private final CoapServer server = new CoapServer(TestServer.configuration());
    private final CoapEndpoint endpoint = TestServer.builder().build();

    TestStock() {
        server.addEndpoint(endpoint);
        server.start();
    }

    InetSocketAddress address() {
        return endpoint.getAddress();
    }

    @Override
    public void close() {
        server.destroy();
    }
}
