// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.kdf.PairKeys;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.SecretKey;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.ClientHandshaker;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.util.SecretSerializationUtil;
import org.eclipse.californium.scandium.util.SecretUtil;

/** Takes out of Scandium what a handshake came to: keys, connection IDs, identity, session. */
final class Handover {
    private static final byte[] LABEL = "EXPERIMENTAL samd dtls-record v1".getBytes(StandardCharsets.US_ASCII);
    private static final int EXPORTED = 32;
    /** What {@link DTLSContext#writeTo} writes in this version of Scandium. */
    private static final int CONTEXT_VERSION = 4;

    private static final int SEQUENCES_VERSION = 1;
    private static final int EPOCH = 1;

    private Handover() {}

    /** @throws HandshakeException if no SAs can be made of it */
    static Established of(Handshaker handshaker, DTLSContext context) throws HandshakeException {
        DTLSSession session = context.getSession();
        ConnectionId own = context.getReadConnectionId();
        ConnectionId other = context.getWriteConnectionId();
        if (!ConnectionId.useConnectionId(own) || !ConnectionId.useConnectionId(other)) {
            throw refused("the peer uses no connection ID (RFC 9146)");
        }
        if (!session.useExtendedMasterSecret()) {
            throw refused("the peer has no extended master secret (RFC 7627)");
        }
        boolean client = handshaker instanceof ClientHandshaker;
        byte[] first = (client ? own : other).getBytes();
        byte[] second = (client ? other : own).getBytes();
        try {
            CipherSuite suite = CipherSuite.ofCode(session.getCipherSuite().getCode());
            // Of a session without an ID the engine does not keep the master secret.
            byte[] exported = session.getSessionIdentifier().isEmpty()
                    ? new byte[0]
                    : context.exportKeyMaterial(LABEL, ids(first, second), EXPORTED);
            return new Established(
                    suite,
                    session.getPeerIdentity(),
                    new Spi(Octets.of(own.getBytes())),
                    new Spi(Octets.of(other.getBytes())),
                    KeyMaterial.adopt(exported),
                    randoms(handshaker),
                    taken(context, client),
                    Session.of(session, suite),
                    !handshaker.isFullHandshake());
        } catch (SaException e) {
            throw refused("records of " + session.getCipherSuite() + " cannot be made here");
        }
    }

    private static HandshakeException refused(String why) {
        return Alerts.refused(AlertDescription.HANDSHAKE_FAILURE, why);
    }

    /** The CBOR array of both connection IDs, the client's first. */
    private static byte[] ids(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x82);
        out.write(0x40 | first.length);
        out.writeBytes(first);
        out.write(0x40 | second.length);
        out.writeBytes(second);
        return out.toByteArray();
    }

    private static Octets randoms(Handshaker handshaker) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(handshaker.getClientRandom().getBytes());
            return Octets.of(digest.digest(handshaker.getServerRandom().getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no SHA-256", e);
        }
    }

    /** The keys of epoch 1 and how far they were used, by the one public call that tells them. */
    private static Established.Taken taken(DTLSContext context, boolean client) {
        DatagramWriter writer = new DatagramWriter(512, true);
        context.writeTo(writer);
        byte[] octets = writer.toByteArray();
        writer.close();
        try {
            DatagramReader all = new DatagramReader(octets, false);
            int length = SerializationUtil.readStartItem(all, CONTEXT_VERSION, Short.SIZE);
            DatagramReader reader = all.createRangeReader(length);
            reader.readLong(Long.SIZE);
            SecretUtil.destroy(DTLSSession.fromReader(reader));
            int readEpoch = reader.read(Byte.SIZE);
            TrafficKeys theirs = keys(reader);
            int writeEpoch = reader.read(Byte.SIZE);
            TrafficKeys ours = keys(reader);
            if (readEpoch != EPOCH || writeEpoch != EPOCH) {
                throw new IllegalStateException("keys of epochs " + readEpoch + " and " + writeEpoch);
            }
            reader.readVarBytes(Byte.SIZE);
            DatagramReader numbers =
                    reader.createRangeReader(SerializationUtil.readStartItem(reader, SEQUENCES_VERSION, Byte.SIZE));
            long next = numbers.readLong(48);
            long low = numbers.readLong(48);
            long window = numbers.readLong(Long.SIZE);
            // Bit 0 of the engine's window is its low edge. Its Finished, number 0, may not be marked yet, but was
            // accepted.
            long edge = window == 0 ? 0 : low + Long.SIZE - 1 - Long.numberOfLeadingZeros(window);
            return new Established.Taken(
                    client ? new PairKeys(ours, theirs) : new PairKeys(theirs, ours),
                    next,
                    edge,
                    // Everything below the edge counts as seen: the engine has used it, or gives it up.
                    Octets.EMPTY);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    private static TrafficKeys keys(DatagramReader reader) {
        SecretKey key = SecretSerializationUtil.readSecretKey(reader);
        try {
            return new TrafficKeys(
                    KeyMaterial.adopt(key.getEncoded()), KeyMaterial.adopt(reader.readVarBytes(Byte.SIZE)));
        } finally {
            SecretUtil.destroy(key);
        }
    }
}
