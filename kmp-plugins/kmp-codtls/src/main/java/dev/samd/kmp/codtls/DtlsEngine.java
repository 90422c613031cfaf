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
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
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

    /** The longest handshake message that is put together. */
    static final int MAX_MESSAGE = 16_384;

    private static final int MAX_DATAGRAM = 16_384;
    private static final int EPOCH = 1;

    private final DtlsConnectorConfig config;
    private final Connection connection = new Connection(PEER);
    private final Flight flight = new Flight();
    private @Nullable Handshaker handshaker;
    private @Nullable Established established;
    private @Nullable HandshakeFault fault;
    private @Nullable HandshakeFault refusal;
    /** Of a server. */
    private @Nullable FlightGuard guard;
    /** The number of the message that a server waits for. */
    private int next;

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
        FlightGuard ahead = new FlightGuard(config.getConnectionIdGenerator());
        engine.guard = ahead;
        engine.next = hello.message().getMessageSeq() + 1;
        engine.use(
                hello.message().hasSessionId() && config.getResumptionVerifier() instanceof KnownSessions
                        ? new CarefulResumingServer(hello, engine.flight, engine.connection, config, ahead)
                        : new CarefulServer(hello, engine.flight, engine.connection, config, ahead));
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
     * Takes a flight of the peer. A last flight that is not the peer's own leaves the handshake as it was, and {@link #refusal} says
     * why.
     *
     * @return the answer; empty if there is none, or not yet
     */
    Octets take(Octets octets) {
        refusal = null;
        return inOrder(() -> {
            if (awaitsLast()) {
                look(octets);
            }
            for (Record record : LastFlight.records(octets, config.getConnectionIdGenerator())) {
                take(record);
            }
        });
    }

    /** Whether what comes next is the last flight of the other side. */
    private boolean awaitsLast() {
        return guard != null || requireHandshaker().getDtlsContext().getWriteEpoch() == EPOCH;
    }

    private void look(Octets octets) throws HandshakeException {
        Optional<LastFlight> last = LastFlight.read(octets, config.getConnectionIdGenerator());
        FlightGuard watching = guard;
        boolean fits = watching == null
                ? last.filter(one -> one.messages().isEmpty()).isPresent()
                : last.filter(one -> one.isOfAClient(next, !requireHandshaker().isFullHandshake()))
                        .isPresent();
        if (!fits) {
            refusal = new HandshakeFault("what is no last flight", Alerts.fatal(AlertDescription.UNEXPECTED_MESSAGE));
        } else if (watching != null) {
            watching.look(last.get());
        }
    }

    private void take(Record record) throws HandshakeException, GeneralSecurityException {
        Handshaker current = requireHandshaker();
        if (established != null || fault != null || refusal != null) {
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
                dropped();
            } catch (RuntimeException e) {
                // Octets of a stranger that the parser does not like: as if they had not come.
                refusal = new HandshakeFault("what cannot be read", Alerts.fatal(AlertDescription.DECODE_ERROR));
            }
        });
        return flight.taken();
    }

    private void failed(Throwable cause) {
        if (guard != null && guard.isWatching()) {
            refusal = Alerts.fault(cause);
        } else if (fault == null && established == null) {
            fault = Alerts.fault(cause);
        }
    }

    /** A record that does not open is no part of the handshake (RFC 6347 s4.1.2.7). */
    private void dropped() {
        refusal =
                new HandshakeFault("a last flight that does not verify", Alerts.fatal(AlertDescription.DECRYPT_ERROR));
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

    /** What was wrong with the last flight that {@link #take} got, if the handshake stands nevertheless. */
    Optional<HandshakeFault> refusal() {
        return Optional.ofNullable(refusal);
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
                dropped();
            }
        }

        @Override
        public void processHandshakeException(Connection same, HandshakeException error) {
            failed(error);
        }

        @Override
        public void dropReceivedRecord(Record record) {}
    }
}
