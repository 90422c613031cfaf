// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeMessage;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.RecordLayer;
import org.eclipse.californium.scandium.dtls.ServerHandshaker;
import org.jspecify.annotations.Nullable;

/** A server's handshake that asks its {@link FlightGuard} before it believes that a flight is its client's. */
final class CarefulServer extends ServerHandshaker {
    private final FlightGuard guard;

    CarefulServer(
            Hello hello, RecordLayer layer, Connection connection, DtlsConnectorConfig config, FlightGuard guard) {
        super(
                hello.record().getSequenceNumber(),
                hello.message().getMessageSeq(),
                layer,
                new NoTimer(),
                connection,
                config);
        this.guard = guard;
    }

    @Override
    protected void doProcessMessage(HandshakeMessage message) throws HandshakeException {
        guard.message(message, handshakeMessages, () -> super.doProcessMessage(message));
    }

    @Override
    public void verifyCertificate(CertificateMessage message, boolean verifySubject) throws HandshakeException {
        guard.certificate(message, handshakeMessages, () -> super.verifyCertificate(message, verifySubject));
    }

    @Override
    protected void requestPskSecretResult(PskPublicInformation identity, @Nullable SecretKey other, byte[] seed)
            throws HandshakeException {
        PskExchange exchange = new PskExchange(
                getConnection().getConnectionId(),
                getServerNames(),
                getSession(),
                clientRandom,
                serverRandom,
                identity,
                other,
                seed,
                getHandshakeMessageDigest().digest());
        guard.psk(exchange, advancedPskStore, () -> super.requestPskSecretResult(identity, other, seed));
    }
}
