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
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.eclipse.californium.elements.util.ClockUtil;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.ClientHandshaker;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.ContentType;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.RecordLayer;
import org.eclipse.californium.scandium.dtls.ServerHandshaker;
import org.eclipse.californium.scandium.dtls.SessionAdapter;
import org.eclipse.californium.scandium.util.SecretSerializationUtil;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.jspecify.annotations.Nullable;

/**
 * One DTLS 1.2 handshake of Scandium without a socket, a thread or a timer: flights go in, flights come out, in the calls. Confined
 * to its caller's thread; owns what the handshake comes to until that is taken.
 */
final class DtlsEngine implements AutoCloseable {
    /** Scandium knows peers by transport addresses. Here there are none: all of them are this one, and nothing is sent to it. */
    static final InetSocketAddress PEER = peer();

    private static final byte[] LABEL = "EXPERIMENTAL samd dtls-record v1".getBytes(StandardCharsets.US_ASCII);
    private static final int EXPORTED = 32;
    private static final int MAX_DATAGRAM = 16_384;
    /** What {@link DTLSContext#writeTo} writes in this version of Scandium. */
    private static final int CONTEXT_VERSION = 4;

    private static final int SEQUENCES_VERSION = 1;
    private static final int EPOCH = 1;

    private final DtlsConnectorConfig config;
    private final Connection connection = new Connection(PEER);
    private final Flight flight = new Flight();
    private @Nullable Handshaker handshaker;
    private @Nullable Established established;
    private @Nullable HandshakeFault fault;

    private DtlsEngine(DtlsConnectorConfig config) {
        this.config = config;
        connection.setConnectorContext(Runnable::run, null);
        connection.setConnectionId(config.getConnectionIdGenerator().createConnectionId());
    }

    private static InetSocketAddress peer() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    /** A client. Its first flight is what {@link #begin} gives. */
    static DtlsEngine client(DtlsConnectorConfig config) {
        DtlsEngine engine = new DtlsEngine(config);
        engine.use(new ClientHandshaker(null, engine.flight, new NoTimer(), engine.connection, config, false));
        return engine;
    }

    /** A server, for a hello with a good cookie. Its first flight is what {@link #begin} gives. */
    static DtlsEngine server(DtlsConnectorConfig config, Hello hello) {
        DtlsEngine engine = new DtlsEngine(config);
        engine.use(new ServerHandshaker(
                hello.record().getSequenceNumber(),
                hello.message().getMessageSeq(),
                engine.flight,
                new NoTimer(),
                engine.connection,
                config));
        return engine;
    }

    private void use(Handshaker one) {
        handshaker = one;
        one.addSessionListener(new SessionAdapter() {
            @Override
            public void contextEstablished(Handshaker same, DTLSContext context) throws HandshakeException {
                established = of(same, context);
            }

            @Override
            public void handshakeFailed(Handshaker same, Throwable cause) {
                failed(cause);
            }
        });
    }

    /** The first flight of a client. */
    Octets begin() {
        return inOrder(() -> {
            if (requireHandshaker() instanceof ClientHandshaker client) {
                client.startHandshake();
            }
        });
    }

    /** The first flight of a server. */
    Octets begin(Hello hello) {
        return inOrder(() -> requireHandshaker().processMessage(hello.record()));
    }

    private Handshaker requireHandshaker() {
        if (handshaker == null) {
            throw new IllegalStateException("an engine without a handshake");
        }
        return handshaker;
    }

    /**
     * Takes a flight of the peer.
     *
     * @return the answer; empty if there is none, or not yet
     */
    Octets take(Octets octets) {
        return inOrder(() -> {
            for (Record record : Record.fromReader(
                    new DatagramReader(octets.toArray()),
                    config.getConnectionIdGenerator(),
                    ClockUtil.nanoRealtime())) {
                record.setAddress(PEER, null);
                take(record);
            }
        });
    }

    private void take(Record record) throws HandshakeException, GeneralSecurityException {
        Handshaker current = requireHandshaker();
        if (established != null || fault != null) {
            return;
        }
        DTLSContext context = current.getDtlsContext();
        if (record.getEpoch() != context.getReadEpoch()) {
            if (context.getReadEpoch() == 0 && record.getEpoch() == EPOCH) {
                current.addRecordsOfNextEpochForDeferredProcessing(record);
            }
            return;
        }
        record.setDeprecatedMac(context.useDeprecatedCid());
        record.decodeFragment(context.getReadState());
        if (record.getType() == ContentType.HANDSHAKE || record.getType() == ContentType.CHANGE_CIPHER_SPEC) {
            current.processMessage(record);
        }
    }

    private interface Step {
        void run() throws HandshakeException, GeneralSecurityException;
    }

    private Octets inOrder(Step step) {
        connection.getExecutor().execute(() -> {
            try {
                step.run();
            } catch (HandshakeException e) {
                failed(e);
            } catch (GeneralSecurityException e) {
                // A record that does not open is no part of the handshake (RFC 6347 s4.1.2.7).
                flight.dropped++;
            } catch (RuntimeException e) {
                // Octets of a stranger that the parser does not like: as if they had not come.
                flight.dropped++;
            }
        });
        return flight.taken();
    }

    private void failed(Throwable cause) {
        if (fault == null && established == null) {
            AlertDescription description = AlertDescription.INTERNAL_ERROR;
            if (cause instanceof HandshakeException refused) {
                AlertMessage alert = refused.getAlert();
                description = alert == null ? AlertDescription.HANDSHAKE_FAILURE : alert.getDescription();
            }
            String reason = String.valueOf(cause.getMessage());
            fault = new HandshakeFault(reason, alert(description));
        }
    }

    /** A fatal alert in clear, since nobody believes it anyway. */
    private static Octets alert(AlertDescription description) {
        return Octets.of(ByteBuffer.allocate(15)
                .put((byte) ContentType.ALERT.getCode())
                .putShort((short) 0xfefd)
                .putShort((short) 0)
                .put(new byte[6])
                .putShort((short) 2)
                .put((byte) 2)
                .put(description.getCode())
                .array());
    }

    /** The description of a fatal alert in clear; empty for anything else. */
    static Optional<String> alertIn(Octets octets) {
        byte[] record = octets.toArray();
        if (record.length != 15 || record[0] != ContentType.ALERT.getCode() || record[3] != 0 || record[4] != 0) {
            return Optional.empty();
        }
        AlertDescription description = AlertDescription.getDescriptionByCode(record[14]);
        return Optional.of(description == null ? "alert " + record[14] : description.name());
    }

    /** What the handshake came to, once; the caller's to close. */
    Optional<Established> takeEstablished() {
        Optional<Established> come = Optional.ofNullable(established);
        established = null;
        return come;
    }

    /** Why it came to nothing. */
    Optional<HandshakeFault> fault() {
        return Optional.ofNullable(fault);
    }

    private static Established of(Handshaker handshaker, DTLSContext context) throws HandshakeException {
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
            byte[] exported = context.exportKeyMaterial(LABEL, ids(first, second), EXPORTED);
            return new Established(
                    suite,
                    session.getPeerIdentity(),
                    new Spi(Octets.of(own.getBytes())),
                    new Spi(Octets.of(other.getBytes())),
                    KeyMaterial.adopt(exported),
                    randoms(handshaker),
                    taken(context, client));
        } catch (SaException e) {
            throw refused("records of " + session.getCipherSuite() + " cannot be made here");
        }
    }

    private static HandshakeException refused(String why) {
        return new HandshakeException(
                why, new AlertMessage(AlertMessage.AlertLevel.FATAL, AlertDescription.HANDSHAKE_FAILURE));
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

    @Override
    public void close() {
        if (established != null) {
            established.close();
            established = null;
        }
        if (handshaker != null) {
            SecretUtil.destroy(handshaker.getDtlsContext());
            SecretUtil.destroy(handshaker);
            handshaker = null;
        }
    }

    /** Collects what the handshake sends, instead of sending it. */
    private final class Flight implements RecordLayer {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private int dropped;

        Octets taken() {
            Octets all = Octets.of(octets.toByteArray());
            octets.reset();
            return all;
        }

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public int getMaxDatagramSize(boolean ipv6) {
            return MAX_DATAGRAM;
        }

        @Override
        public void sendFlight(List<DatagramPacket> datagrams) {
            for (DatagramPacket datagram : datagrams) {
                octets.write(datagram.getData(), datagram.getOffset(), datagram.getLength());
            }
        }

        @Override
        public void processRecord(Record record, Connection same) {
            try {
                take(record);
            } catch (HandshakeException e) {
                failed(e);
            } catch (GeneralSecurityException e) {
                dropped++;
            }
        }

        @Override
        public void processHandshakeException(Connection same, HandshakeException error) {
            failed(error);
        }

        @Override
        public void dropReceivedRecord(Record record) {
            dropped++;
        }
    }

    /** Records that were no part of the handshake. */
    int dropped() {
        return flight.dropped;
    }
}
