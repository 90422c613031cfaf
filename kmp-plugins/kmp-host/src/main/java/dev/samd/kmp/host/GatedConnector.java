// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.kmp.drive.Strangers;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.Clock;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.RawDataChannel;

/**
 * Lets pass so many datagrams of a source, and of all, before CoAP sees them: CoAP remembers every Message ID for minutes (RFC
 * 7252 s4.5), which a flood would turn into memory. Loopback is not counted: relays speak for many there.
 */
final class GatedConnector implements Connector {
    private final Connector connector;
    private final Strangers gate;
    private final Clock clock;

    GatedConnector(Connector connector, Strangers gate, Clock clock) {
        this.connector = connector;
        this.gate = gate;
        this.clock = clock;
    }

    @Override
    public void setRawDataReceiver(RawDataChannel receiver) {
        connector.setRawDataReceiver(data -> {
            InetSocketAddress source = data.getInetSocketAddress();
            if (source.getAddress().isLoopbackAddress() || gate.admits(Addresses.text(source), clock.instant())) {
                receiver.receiveData(data);
            }
        });
    }

    @Override
    public void start() throws IOException {
        connector.start();
    }

    @Override
    public void stop() {
        connector.stop();
    }

    @Override
    public void destroy() {
        connector.destroy();
    }

    @Override
    public void send(RawData message) {
        connector.send(message);
    }

    @Override
    public void setEndpointContextMatcher(EndpointContextMatcher matcher) {
        connector.setEndpointContextMatcher(matcher);
    }

    @Override
    public InetSocketAddress getAddress() {
        return connector.getAddress();
    }

    @Override
    public String getProtocol() {
        return connector.getProtocol();
    }

    @Override
    public boolean isRunning() {
        return connector.isRunning();
    }

    @Override
    public void processDatagram(DatagramPacket datagram) {
        connector.processDatagram(datagram);
    }
}
