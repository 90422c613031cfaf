// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import com.sun.security.auth.module.UnixSystem;
import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import dev.samd.daemon.grpc.AboutDaemon;
import dev.samd.daemon.grpc.AccessSetup;
import dev.samd.daemon.grpc.PolicyMessages;
import dev.samd.daemon.grpc.SamdServer;
import dev.samd.daemon.observe.AuditLog;
import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.sadb.Cursor;
import dev.samd.daemon.store.Kept;
import dev.samd.daemon.store.MemoryStore;
import dev.samd.daemon.store.SaStore;
import dev.samd.daemon.store.StoreOpener;
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
        return start(config, Clocks.SYSTEM, new SecureRandom());
    }

    static Daemon start(SamdConfig config, Clocks clocks, SecureRandom random) throws IOException {
        if (!config.store().embedded()) {
            return start(config, clocks, random, new MemoryStore());
        }
        StoreOpener opener = new StoreOpener(
                config.stateDir(), config.store(), random, new PolicyMessages(), clocks.nanos(), clocks.wall());
        return start(config, clocks, random, () -> opener.open(config.policies()));
    }

    /** Over a store that keeps nothing. */
    static Daemon start(SamdConfig config, Clocks clocks, RandomGenerator random, SaStore store) throws IOException {
        return start(config, clocks, random, () -> Kept.nothing(store, random, Policies.of(config.policies())));
    }

    private static Daemon start(SamdConfig config, Clocks clocks, RandomGenerator random, Keeping keeping)
            throws IOException {
        SocketFiles socketFile = new SocketFiles(config.access().sockets(config.socket()));
        socketFile.makeDirectories();
        StateLock lock = StateLock.hold(config.stateDir());
        try {
            socketFile.prepare();
            return serve(config, clocks, random, keeping.open(), lock, socketFile);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Opens what was kept, under the lock of the state directory. */
    @FunctionalInterface
    private interface Keeping {
        Kept open() throws IOException;
    }

    private static Daemon serve(
            SamdConfig config, Clocks clocks, RandomGenerator random, Kept kept, StateLock lock, SocketFiles socketFile)
            throws IOException {
        KeyMaterial referenceKey = kept.referenceKey();
        Cursor from = new Cursor(kept.birth().incarnation(), kept.birth().revision());
        SadbLoop loop = loop(config, clocks, random, kept);
        AuditLog audit = null;
        try {
            String instance = HexFormat.of().toHexDigits(random.nextLong());
            audit = AuditLog.open(config.audit(), clocks.wall(), instance, random);
            audit.keep(AuditEvent.byDaemon(AuditKind.STARTED)
                    .with("version", version())
                    .with("store", kept.store().name())
                    .with("policies", kept.restored().policies().size()));
            AuditedEnds.follow(loop.events(), from, audit);
            Instant started = clocks.wall().instant();
            AboutDaemon about =
                    new AboutDaemon(version(), instance, started, kept.store().name());
            SamdServer server = new SamdServer(access(config, audit), loop, clocks, about, audit);
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

    private static SadbLoop loop(SamdConfig config, Clocks clocks, RandomGenerator random, Kept kept)
            throws IOException {
        try {
            return new SadbLoop(
                    clocks,
                    random,
                    (listener, gate) -> new RecordEngine(listener, config.optionNumbers(), kept.referenceKey(), gate),
                    kept,
                    config.bounds(),
                    config.eventLogSize(),
                    config.kmpPrincipals());
        } catch (UncheckedIOException e) {
            closeUnused(kept);
            throw e.getCause();
        } catch (RuntimeException e) {
            closeUnused(kept);
            throw e;
        }
    }

    private static void closeUnused(Kept kept) {
        kept.store().close();
        kept.referenceKey().close();
    }

    private static AccessSetup access(SamdConfig config, AuditLog audit) {
        int uid = (int) new UnixSystem().getUid();
        AccessConfig access = config.access();
        return new AccessSetup(access.listeners(config.socket()), access.rulesFor(uid), new AuditedAccess(audit));
    }

    private static String version() {
        String version = Daemon.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Random name of this run. */
    public String instance() {
        return parts.instance;
    }

    /** The TCP port where it serves with TLS; 0 if it does not. */
    public int tlsPort() {
        return parts.server.tlsPort();
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
            SocketFiles socketFile,
            KeyMaterial referenceKey,
            SadbLoop loop,
            SamdServer server,
            AuditLog audit,
            String instance) {}
}
