// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import java.util.Objects;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeMessage;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.RecordLayer;
import org.eclipse.californium.scandium.dtls.ResumingServerHandshaker;
import org.jspecify.annotations.Nullable;

/** The same as {@link CarefulServer}, for a hello that names a session. The engine knows the two kinds by their classes. */
final class CarefulResumingServer extends ResumingServerHandshaker {
    private final FlightGuard guard;

    CarefulResumingServer(
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
        try {
            super.doProcessMessage(message);
        } catch (HandshakeException e) {
            if (guard.isWatching()) {
                // Whose it is, is not known: it is no part of the transcript.
                handshakeMessages.remove(message);
            }
            throw e;
        }
    }

    @Override
    public void verifyCertificate(CertificateMessage message, boolean verifySubject) throws HandshakeException {
        guard.requireSignature(message.getPublicKey(), handshakeMessages);
        super.verifyCertificate(message, verifySubject);
        guard.pass();
    }

    @Override
    protected void requestPskSecretResult(PskPublicInformation identity, @Nullable SecretKey other, byte[] seed)
            throws HandshakeException {
        guard.requireFinished(
                getSession(),
                clientRandom,
                serverRandom,
                Objects.requireNonNull(advancedPskStore.requestPskSecretResult(
                        getConnection().getConnectionId(),
                        getServerNames(),
                        identity,
                        getSession().getCipherSuite().getPseudoRandomFunctionMacName(),
                        other,
                        seed,
                        getSession().useExtendedMasterSecret())),
                other,
                seed,
                getHandshakeMessageDigest().digest());
        guard.pass();
        super.requestPskSecretResult(identity, other, seed);
    }
}
