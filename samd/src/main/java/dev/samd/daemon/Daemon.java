// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import dev.samd.daemon.grpc.AboutDaemon;
import dev.samd.daemon.grpc.SamdServer;
import dev.samd.daemon.observe.AuditLog;
import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.store.MemoryStore;
import dev.samd.daemon.store.SaStore;
import dev.samd.engine.RecordEngine;
import dev.samd.sa.KeyMaterial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon: the one place where its rooms are put together. Several in one process do not know of each other.
 *
 * <p>Whoever starts it closes it.
 */
public final class Daemon implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Daemon.class);
    private static final int REFERENCE_KEY_LENGTH = 32;

    private final SamdConfig config;
    private final Parts parts;
    private final AtomicBoolean stopped = new AtomicBoolean();

    private Daemon(SamdConfig config, Parts parts) {
        this.config = config;
        this.parts = parts;
    }

    /**
     * Starts a daemon; it serves when this returns.
     *
     * @throws ConfigException if another daemon is at one of its places
     * @throws IOException if a file or the socket cannot be made
     */
    public static Daemon start(SamdConfig config) throws IOException {
        return start(config, Clocks.SYSTEM, new SecureRandom(), new MemoryStore());
    }

    static Daemon start(SamdConfig config, Clocks clocks, RandomGenerator random, SaStore store) throws IOException {
        SocketFile socketFile = new SocketFile(config.socket());
        socketFile.makeDirectory();
        StateLock lock = StateLock.hold(config.stateDir());
        try {
            socketFile.prepare();
            return serve(config, clocks, random, store, lock, socketFile);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Daemon serve(
            SamdConfig config,
            Clocks clocks,
            RandomGenerator random,
            SaStore store,
            StateLock lock,
            SocketFile socketFile)
            throws IOException {
        byte[] referenceOctets = new byte[REFERENCE_KEY_LENGTH];
        random.nextBytes(referenceOctets);
        KeyMaterial referenceKey = KeyMaterial.adopt(referenceOctets);
        SadbLoop loop = new SadbLoop(
                clocks,
                random,
                (listener, gate) -> new RecordEngine(listener, config.optionNumbers(), referenceKey, gate),
                store,
                config.bounds(),
                config.eventLogSize(),
                config.kmpPrincipals());
        AuditLog audit = null;
        try {
            String instance = HexFormat.of().toHexDigits(loop.events().cursor().incarnation());
            audit = AuditLog.open(config.audit(), clocks.wall(), instance, random);
            audit.keep(AuditEvent.byDaemon(AuditKind.STARTED)
                    .with("version", version())
                    .with("store", store.name())
                    .with("policies", config.policies().size()));
            if (!config.policies().isEmpty()) {
                // Nothing is served before, so nobody sees the daemon without them.
                Policies first = Policies.of(config.policies());
                loop.submit((sadb, now) -> sadb.policyChanged(now, "", first))
                        .toCompletableFuture()
                        .join();
            }
            Instant started = clocks.wall().instant();
            AboutDaemon about = new AboutDaemon(version(), instance, started, store.name());
            SamdServer server = new SamdServer(config.socket(), loop, clocks, about, audit);
            socketFile.restrict();
            log.info("serving socket={} state_dir={} instance={}", config.socket(), config.stateDir(), instance);
            return new Daemon(config, new Parts(lock, socketFile, referenceKey, loop, server, audit, instance));
        } catch (IOException | RuntimeException e) {
            loop.close();
            if (audit != null) {
                audit.close();
            }
            referenceKey.close();
            throw e;
        }
    }

    private static String version() {
        String version = Daemon.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Random name of this run. */
    public String instance() {
        return parts.instance;
    }

    /** Where it serves. */
    public SamdConfig config() {
        return config;
    }

    /**
     * Stops: calls under way end, new ones are refused, all keys are zeroed, the socket file is removed. Stopping twice is
     * harmless.
     */
    @Override
    public void close() {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        if (!parts.server.stop(config.stopPatience())) {
            log.warn("calls were cut off after {} s", config.stopPatience().toSeconds());
        }
        parts.loop.close();
        parts.audit.close();
        parts.referenceKey.close();
        try {
            parts.socketFile.remove();
            parts.lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("socket " + config.socket() + " could not be removed", e);
        }
        log.info("stopped instance={}", parts.instance);
    }

    /** What the daemon is made of, and closes at its end. */
    private record Parts(
            StateLock lock,
            SocketFile socketFile,
            KeyMaterial referenceKey,
            SadbLoop loop,
            SamdServer server,
            AuditLog audit,
            String instance) {}
}
