// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.Octets;
import java.io.ByteArrayOutputStream;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.elements.util.ClockUtil;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.ClientHandshaker;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ContentType;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.RecordLayer;
import org.eclipse.californium.scandium.dtls.ResumingClientHandshaker;
import org.eclipse.californium.scandium.dtls.ResumingServerHandshaker;
import org.eclipse.californium.scandium.dtls.ServerHandshaker;
import org.eclipse.californium.scandium.dtls.SessionAdapter;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.jspecify.annotations.Nullable;

/**
 * One DTLS 1.2 handshake of Scandium without a socket, a thread or a timer: flights go in, flights come out, in the calls. Confined
 * to its caller's thread; owns what the handshake comes to until that is taken.
 */
final class DtlsEngine implements AutoCloseable {
    /** Scandium knows peers by transport addresses. Here there are none: all of them are this one, and nothing is sent to it. */
    static final InetSocketAddress PEER = peer();

    private static final int MAX_DATAGRAM = 16_384;
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

    /**
     * A client that asks for an abbreviated handshake. A server that does not know the session makes it a full one.
     *
     * @param session stays the caller's
     */
    static DtlsEngine client(DtlsConnectorConfig config, Session session) {
        DtlsEngine engine = new DtlsEngine(config);
        DTLSSession known = session.restored();
        engine.use(new ResumingClientHandshaker(known, engine.flight, new NoTimer(), engine.connection, config, false));
        SecretUtil.destroy(known);
        return engine;
    }

    /**
     * A server, for a hello with a good cookie. Its first flight is what {@link #begin} gives. A session that the hello names is
     * resumed if the verifier of the configuration knows it.
     */
    static DtlsEngine server(DtlsConnectorConfig config, Hello hello) {
        DtlsEngine engine = new DtlsEngine(config);
        long record = hello.record().getSequenceNumber();
        int message = hello.message().getMessageSeq();
        boolean resuming = hello.message().hasSessionId() && config.getResumptionVerifier() instanceof KnownSessions;
        engine.use(
                resuming
                        ? new ResumingServerHandshaker(
                                record, message, engine.flight, new NoTimer(), engine.connection, config)
                        : new ServerHandshaker(
                                record, message, engine.flight, new NoTimer(), engine.connection, config));
        return engine;
    }

    private void use(Handshaker one) {
        handshaker = one;
        one.addSessionListener(new SessionAdapter() {
            @Override
            public void contextEstablished(Handshaker same, DTLSContext context) throws HandshakeException {
                established = Handover.of(same, context);
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
            fault = Alerts.fault(cause);
        }
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
