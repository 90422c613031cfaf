// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.TlsImplUtils;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** Bouncy Castle's DTLS 1.2 on UDP: an implementation of another make that has connection IDs (RFC 9146). */
final class BouncyPeer {
    static final String PSK = "000102030405060708090a0b0c0d0e0f";
    static final String IDENTITY = "dev-1";

    private static final String LABEL = "EXPERIMENTAL samd dtls-record v1";
    private static final int EXPORTED = 32;
    private static final int KEY = 16;
    private static final int IV = 4;
    private static final int PATIENCE_MILLIS = 20_000;

    /**
     * What a handshake came to, as Bouncy Castle sees it.
     *
     * @param clientKey the client's write key, from the key block
     * @param exported by the exporter with both connection IDs as its context
     * @param randoms of the client and of the server
     */
    record Result(
            Octets clientKey, Octets serverKey, Octets exported, Octets randoms, Octets clientCid, Octets serverCid) {}

    private BouncyPeer() {}

    /** Begins a handshake on a connected socket. */
    static Result client(DatagramSocket socket, byte[] cid) throws IOException {
        TellingCrypto crypto = new TellingCrypto();
        Result[] result = new Result[1];
        PSKTlsClient client = new PSKTlsClient(crypto, new BasicTlsPSKIdentity(IDENTITY, key())) {
            @Override
            protected ProtocolVersion[] getSupportedVersions() {
                return ProtocolVersion.DTLSv12.only();
            }

            @Override
            protected int[] getSupportedCipherSuites() {
                return new int[] {CipherSuite.TLS_PSK_WITH_AES_128_CCM_8};
            }

            @Override
            protected byte[] getNewConnectionID() {
                return cid;
            }

            @Override
            public int getHandshakeTimeoutMillis() {
                return PATIENCE_MILLIS;
            }

            @Override
            public void notifyHandshakeComplete() throws IOException {
                super.notifyHandshakeComplete();
                result[0] = crypto.result(context, true);
            }
        };
        new DTLSClientProtocol().connect(client, new Wire(socket));
        return result[0];
    }

    /**
     * Waits for a client.
     *
     * @param sessionId that it gives; empty for none
     */
    static Result server(DatagramSocket socket, byte[] cid, byte[] sessionId) throws IOException {
        TellingCrypto crypto = new TellingCrypto();
        Result[] result = new Result[1];
        TlsPSKIdentityManager identities = new TlsPSKIdentityManager() {
            @Override
            public byte @Nullable [] getHint() {
                return null;
            }

            @Override
            public byte @Nullable [] getPSK(byte[] identity) {
                return IDENTITY.equals(new String(identity, StandardCharsets.UTF_8)) ? key() : null;
            }
        };
        PSKTlsServer server = new PSKTlsServer(crypto, identities) {
            @Override
            protected ProtocolVersion[] getSupportedVersions() {
                return ProtocolVersion.DTLSv12.only();
            }

            @Override
            protected int[] getSupportedCipherSuites() {
                return new int[] {CipherSuite.TLS_PSK_WITH_AES_128_CCM_8};
            }

            @Override
            public byte[] getNewSessionID() {
                return sessionId;
            }

            @Override
            protected byte[] getNewConnectionID() {
                return cid;
            }

            @Override
            public int getHandshakeTimeoutMillis() {
                return PATIENCE_MILLIS;
            }

            @Override
            public void notifyHandshakeComplete() throws IOException {
                super.notifyHandshakeComplete();
                result[0] = crypto.result(context, false);
            }
        };
        new DTLSServerProtocol().accept(server, new Wire(socket));
        return result[0];
    }

    private static byte[] key() {
        return HexFormat.of().parseHex(PSK);
    }

    /** Notes the key block when the cipher of the protected epoch is made. */
    private static final class TellingCrypto extends BcTlsCrypto {
        private byte[] block = new byte[0];

        TellingCrypto() {
            super(new SecureRandom());
        }

        @Override
        public TlsCipher createCipher(TlsCryptoParameters parameters, int encryption, int mac) throws IOException {
            block = TlsImplUtils.calculateKeyBlock(parameters, 2 * (KEY + IV));
            return super.createCipher(parameters, encryption, mac);
        }

        Result result(TlsContext context, boolean client) {
            SecurityParameters parameters = context.getSecurityParametersConnection();
            // "Local" is the one that this side writes, which the other side chose.
            byte[] read = parameters.getConnectionIDPeer();
            byte[] written = parameters.getConnectionIDLocal();
            byte[] first = client ? read : written;
            byte[] second = client ? written : read;
            ByteArrayOutputStream ids = new ByteArrayOutputStream();
            ids.write(0x82);
            ids.write(0x40 | first.length);
            ids.writeBytes(first);
            ids.write(0x40 | second.length);
            ids.writeBytes(second);
            ByteArrayOutputStream randoms = new ByteArrayOutputStream();
            randoms.writeBytes(parameters.getClientRandom());
            randoms.writeBytes(parameters.getServerRandom());
            return new Result(
                    Octets.of(block, 0, KEY),
                    Octets.of(block, KEY, KEY),
                    Octets.of(context.exportKeyingMaterial(LABEL, ids.toByteArray(), EXPORTED)),
                    Octets.of(randoms.toByteArray()),
                    Octets.of(first),
                    Octets.of(second));
        }
    }

    /** Datagrams of a socket; a server learns its peer by the first one. */
    private record Wire(DatagramSocket socket) implements DatagramTransport {
        private static final int LIMIT = 1400;

        @Override
        public int getReceiveLimit() {
            return LIMIT;
        }

        @Override
        public int getSendLimit() {
            return LIMIT;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            socket.setSoTimeout(Math.max(1, waitMillis));
            DatagramPacket packet = new DatagramPacket(buffer, offset, length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return -1;
            }
            if (!socket.isConnected()) {
                socket.connect(packet.getSocketAddress());
            }
            return packet.getLength();
        }

        @Override
        public void send(byte[] buffer, int offset, int length) throws IOException {
            socket.send(new DatagramPacket(buffer, offset, length));
        }

        @Override
        public void close() {}
    }
}
