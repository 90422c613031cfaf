// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.Spi;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.ConnectionIdGenerator;

/** The connection ID of one handshake: the SPI that the daemon reserved for it (RFC 9146 s3). */
record OwnCid(Spi spi) implements ConnectionIdGenerator {
    @Override
    public boolean useConnectionId() {
        return true;
    }

    @Override
    public ConnectionId createConnectionId() {
        return new ConnectionId(spi.octets().toArray());
    }

    @Override
    public ConnectionId read(DatagramReader reader) {
        return new ConnectionId(reader.readBytes(spi.octets().length()));
    }
}
