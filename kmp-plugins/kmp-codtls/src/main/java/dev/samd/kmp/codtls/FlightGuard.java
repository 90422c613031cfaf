// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.eclipse.californium.elements.util.Bytes;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateVerify;
import org.eclipse.californium.scandium.dtls.CompressionMethod;
import org.eclipse.californium.scandium.dtls.ConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.DTLSConnectionState;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.Finished;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeMessage;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.Random;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.PseudoRandomFunction;
import org.eclipse.californium.scandium.dtls.cipher.PseudoRandomFunction.Label;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.util.SecretIvParameterSpec;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a client's last flight before the server's engine takes over anything of it. The engine cannot go back: a key exchange
 * that somebody on the way has put in its place would end the handshake, though the client's own flight comes after it.
 *
 * <p>What makes a flight the client's: with certificates the signature over all messages up to the key exchange; with pre-shared keys
 * the Finished, whose key needs the client's secret. Until one of them is good the engine is as it was.
 */
final class FlightGuard {
    private final ConnectionIdGenerator cids;
    private @Nullable LastFlight flight;
    private boolean passed;

    FlightGuard(ConnectionIdGenerator cids) {
        this.cids = cids;
    }

    /** The next flight to be looked at. */
    void look(LastFlight next) {
        flight = next;
    }

    /** Whether the engine is about to take a flight over and has not begun to. */
    boolean isWatching() {
        return flight != null && !passed;
    }

    /** What the engine does with a message when it is let. */
    @FunctionalInterface
    interface Step {
        void take() throws HandshakeException;
    }

    /**
     * Any message of the handshake.
     *
     * @param transcript all messages so far, to which the step adds it
     */
    void message(HandshakeMessage message, List<HandshakeMessage> transcript, Step step) throws HandshakeException {
        try {
            step.take();
        } catch (HandshakeException e) {
            if (isWatching()) {
                // Whose it is, is not known: it is no part of the transcript.
                transcript.remove(message);
            }
            throw e;
        }
    }

    /**
     * The certificate or raw public key of the client, whose signature the flight has to have.
     *
     * @param transcript all messages so far, with this one
     */
    void certificate(CertificateMessage message, List<HandshakeMessage> transcript, Step step)
            throws HandshakeException {
        requireSignature(message.getPublicKey(), transcript);
        step.take();
        passed = true;
    }

    /** The identity of a client with a pre-shared key, whose Finished the flight has to have. */
    void psk(PskExchange exchange, AdvancedPskStore store, Step step) throws HandshakeException {
        requireFinished(exchange, exchange.secret(store));
        passed = true;
        step.take();
    }

    private LastFlight requireFlight() throws HandshakeException {
        if (flight == null) {
            throw refused("a flight that nobody has looked at");
        }
        return flight;
    }

    /**
     * The signature of a client that shows a certificate or a raw public key (RFC 5246 s7.4.8).
     *
     * @param key the one it shows
     * @param messages all before, up to its certificate
     */
    private void requireSignature(PublicKey key, List<HandshakeMessage> messages) throws HandshakeException {
        LastFlight last = requireFlight();
        LastFlight.Message exchange =
                last.message(LastFlight.CLIENT_KEY_EXCHANGE).orElseThrow(() -> refused("no key exchange"));
        LastFlight.Message verify =
                last.message(LastFlight.CERTIFICATE_VERIFY).orElseThrow(() -> refused("no signature"));
        List<HandshakeMessage> signed = new ArrayList<>(messages);
        signed.add(HandshakeMessage.fromByteArray(exchange.octets().toArray()));
        try {
            ((CertificateVerify) CertificateVerify.fromReader(new DatagramReader(verify.body())))
                    .verifySignature(key, signed);
        } catch (RuntimeException e) {
            throw refused("a signature that cannot be read");
        }
    }

    /**
     * The Finished of a client with a pre-shared key (RFC 5246 s7.4.9).
     *
     * @param secret the key that belongs to its identity, closed by this
     */
    private void requireFinished(PskExchange exchange, PskSecretResult secret) throws HandshakeException {
        DTLSSession session = exchange.session();
        LastFlight last = requireFlight();
        CipherSuite suite = session.getCipherSuite();
        Mac mac = suite.getThreadLocalPseudoRandomFunctionMac();
        SecretKey psk = secret.getSecret();
        SecretKey premaster = PseudoRandomFunction.generatePremasterSecretFromPSK(exchange.other(), psk);
        SecretKey master = PseudoRandomFunction.generateMasterSecret(
                mac, premaster, exchange.seed(), session.useExtendedMasterSecret());
        SecretUtil.destroy(psk);
        SecretUtil.destroy(premaster);
        DTLSConnectionState keys = clientKeys(suite, master, exchange.client(), exchange.server());
        try {
            Record record = last.finished(cids);
            record.decodeFragment(keys);
            if (!(record.getFragment() instanceof Finished finished)) {
                throw refused("no Finished");
            }
            finished.verifyData(mac, master, true, exchange.hash());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw refused("a last flight that does not verify");
        } finally {
            SecretUtil.destroy(keys);
            SecretUtil.destroy(master);
        }
    }

    /** What opens a client's records (RFC 5246 s6.3); the suites have no MAC keys. */
    private static DTLSConnectionState clientKeys(CipherSuite suite, SecretKey master, Random client, Random server) {
        int key = suite.getEncKeyLength();
        int iv = suite.getFixedIvLength();
        byte[] block = PseudoRandomFunction.doPRF(
                suite.getThreadLocalPseudoRandomFunctionMac(),
                master,
                Label.KEY_EXPANSION_LABEL,
                Bytes.concatenate(server, client),
                2 * (key + iv));
        SecretKey write = SecretUtil.create(block, 0, key, "AES");
        SecretIvParameterSpec fixed = SecretUtil.createIv(block, 2 * key, iv);
        try {
            return DTLSConnectionState.create(suite, CompressionMethod.NULL, write, fixed, null);
        } finally {
            SecretUtil.destroy(write);
            SecretUtil.destroy(fixed);
            Arrays.fill(block, (byte) 0);
        }
    }

    private static HandshakeException refused(String why) {
        return Alerts.refused(AlertDescription.DECRYPT_ERROR, why);
    }
}
