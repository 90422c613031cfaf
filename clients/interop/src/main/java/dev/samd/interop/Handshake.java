// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.TlsImplUtils;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** A DTLS 1.2 handshake with a pre-shared key, on a real socket, of which nothing but the keys is used afterwards. */
final class Handshake {
    /** The pre-shared key of every peer. */
    static final byte[] PSK = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /** The identity that goes with it. */
    static final String IDENTITY = "dev-1";

    private static final int MTU = 1400;
    private static final int TIMEOUT_MILLIS = 10_000;

    /**
     * The keys of a session (RFC 5246 s6.3).
     *
     * @param ours the write key and fixed IV of this side, as hexadecimal text
     * @param theirs those of the peer
     */
    record Keys(Secret ours, Secret theirs) {}

    /** A write key and its fixed IV, as hexadecimal text. */
    record Secret(String key, String iv) {}

    /**
     * A session with connection IDs.
     *
     * @param own the one that records to this side carry, as hexadecimal text
     * @param theirs the one that records to the peer carry
     */
    record Identified(Keys keys, String own, String theirs) {}

    private Handshake() {}

    /**
     * Begins as a client.
     *
     * @throws IOException if the peer refuses, or does not answer
     */
    static Keys asClient(DatagramTransport transport, CipherSuite suite) throws IOException {
        TellingCrypto crypto = new TellingCrypto(suite.aead());
        new DTLSClientProtocol().connect(new Client(crypto, suite, null), transport);
        return crypto.keys();
    }

    /**
     * Begins as a client that wants records to carry a connection ID.
     *
     * @param own the one for records to this side
     * @throws IOException if the peer refuses, does not answer, or has none
     */
    static Identified asClient(DatagramTransport transport, CipherSuite suite, byte[] own) throws IOException {
        TellingCrypto crypto = new TellingCrypto(suite.aead());
        Client client = new Client(crypto, suite, own);
        new DTLSClientProtocol().connect(client, transport);
        return new Identified(crypto.keys(), HexFormat.of().formatHex(own), client.theirs());
    }

    /**
     * Waits for a client.
     *
     * @throws IOException if it refuses
     */
    static Keys asServer(DatagramTransport transport, CipherSuite suite) throws IOException {
        TellingCrypto crypto = new TellingCrypto(suite.aead());
        new DTLSServerProtocol().accept(new Server(crypto, suite, null), transport);
        return crypto.keys();
    }

    /**
     * A peer that waits for a client, with connection IDs.
     *
     * @param own the one for records to this side
     * @return the session, which goes on with records of the library
     */
    static DTLSTransport peer(DatagramTransport transport, CipherSuite suite, byte[] own) throws IOException {
        return new DTLSServerProtocol().accept(new Server(new TellingCrypto(suite.aead()), suite, own), transport);
    }

    /** A transport over a connected socket, which is kept open, and whose datagrams are all kept in a capture. */
    static DatagramTransport over(DatagramSocket socket, Capture capture) {
        return new CapturedTransport(socket, MTU, capture);
    }

    private static final class Client extends PSKTlsClient {
        private final CipherSuite suite;
        private final byte @Nullable [] own;
        private String theirs = "";

        Client(TellingCrypto crypto, CipherSuite suite, byte @Nullable [] own) {
            super(crypto, new BasicTlsPSKIdentity(IDENTITY, PSK.clone()));
            this.suite = suite;
            this.own = own;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {suite.code()};
        }

        @Override
        public int getHandshakeTimeoutMillis() {
            return TIMEOUT_MILLIS;
        }

        @Override
        protected byte @Nullable [] getNewConnectionID() {
            return own;
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            // "Local" is what this side writes.
            byte[] written = context.getSecurityParametersConnection().getConnectionIDLocal();
            theirs = written == null ? "" : HexFormat.of().formatHex(written);
        }

        String theirs() throws IOException {
            if (theirs.isEmpty()) {
                throw new IOException("the peer has no connection ID");
            }
            return theirs;
        }
    }

    private static final class Server extends PSKTlsServer {
        private final CipherSuite suite;
        private final byte @Nullable [] own;

        Server(TellingCrypto crypto, CipherSuite suite, byte @Nullable [] own) {
            super(crypto, new OneIdentity());
            this.suite = suite;
            this.own = own;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {suite.code()};
        }

        @Override
        public int getHandshakeTimeoutMillis() {
            return TIMEOUT_MILLIS;
        }

        @Override
        protected byte @Nullable [] getNewConnectionID() {
            return own;
        }
    }

    private static final class OneIdentity implements TlsPSKIdentityManager {
        @Override
        public byte @Nullable [] getHint() {
            return null;
        }

        @Override
        public byte @Nullable [] getPSK(byte[] identity) {
            return IDENTITY.equals(new String(identity, StandardCharsets.UTF_8)) ? PSK.clone() : null;
        }
    }

    /** Notes the key block when the cipher of the protected epoch is made. */
    private static final class TellingCrypto extends BcTlsCrypto {
        private final AeadAlgorithm aead;
        private @Nullable Keys keys;

        TellingCrypto(AeadAlgorithm aead) {
            super(new SecureRandom());
            this.aead = aead;
        }

        @Override
        public TlsCipher createCipher(TlsCryptoParameters parameters, int encryption, int mac) throws IOException {
            int key = aead.keyLength();
            int iv = aead.ivLength();
            byte[] block = TlsImplUtils.calculateKeyBlock(parameters, 2 * (key + iv));
            Secret client = secret(block, 0, key, 2 * key, iv);
            Secret server = secret(block, key, key, 2 * key + iv, iv);
            keys = parameters.isServer() ? new Keys(server, client) : new Keys(client, server);
            return super.createCipher(parameters, encryption, mac);
        }

        private static Secret secret(byte[] block, int keyAt, int key, int ivAt, int iv) {
            HexFormat hex = HexFormat.of();
            return new Secret(
                    hex.formatHex(Arrays.copyOfRange(block, keyAt, keyAt + key)),
                    hex.formatHex(Arrays.copyOfRange(block, ivAt, ivAt + iv)));
        }

        Keys keys() throws IOException {
            if (keys == null) {
                throw new IOException("a handshake without keys");
            }
            return keys;
        }
    }
}
