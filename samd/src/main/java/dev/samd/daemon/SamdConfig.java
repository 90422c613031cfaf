// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.coap.OptionNumbers;
import dev.samd.daemon.observe.AuditSettings;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.sadb.SadbBounds;
import dev.samd.daemon.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may be set. Immutable.
 *
 * @param socket path of the Unix socket; directory made if missing
 * @param stateDir directory of the daemon's own files; made if missing
 * @param eventLogSize how many events a watcher may be behind
 * @param stopPatience how long calls under way are waited for at the end
 * @param optionNumbers the private option numbers, equal at both ends
 * @param bounds of the database
 * @param kmpPrincipals who may register a KMP of a name; a name that is absent is anybody's who may use the socket
 * @param policies in force from the start, in order
 * @param store where and how the database is kept
 * @param access who may come in, where, and do what
 * @param audit where the audit log is
 */
public record SamdConfig(
        Path socket,
        Path stateDir,
        int eventLogSize,
        Duration stopPatience,
        OptionNumbers optionNumbers,
        SadbBounds bounds,
        Map<String, Set<String>> kmpPrincipals,
        List<Policy> policies,
        StoreSettings store,
        AccessConfig access,
        AuditSettings audit) {
    private static final int EVENT_LOG_SIZE = 65_536;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    public SamdConfig {
        kmpPrincipals = Map.copyOf(kmpPrincipals);
        policies = List.copyOf(policies);
    }

    /** A configuration without policies, for root and the user of the daemon, in which nothing is kept but the audit log. */
    public SamdConfig(
            Path socket,
            Path stateDir,
            int eventLogSize,
            Duration stopPatience,
            OptionNumbers optionNumbers,
            SadbBounds bounds) {
        this(
                socket,
                stateDir,
                eventLogSize,
                stopPatience,
                optionNumbers,
                bounds,
                Map.of(),
                List.of(),
                StoreSettings.MEMORY,
                AccessConfig.NONE,
                AuditSettings.in(stateDir));
    }

    /** The configuration of a daemon for which nothing but its places is said. */
    public static SamdConfig at(Path socket, Path stateDir) {
        return of(ConfigFile.empty(), socket, stateDir);
    }

    /** The same with another way to keep the database. */
    public SamdConfig with(StoreSettings other) {
        return new SamdConfig(
                socket,
                stateDir,
                eventLogSize,
                stopPatience,
                optionNumbers,
                other.embedded() ? SadbBounds.EMBEDDED : SadbBounds.MEMORY,
                kmpPrincipals,
                policies,
                other,
                access,
                audit);
    }

    /**
     * The configuration of a file, of the command line, or of both; the command line goes first.
     *
     * @throws ConfigException if a place is said nowhere
     */
    static SamdConfig of(ConfigFile file, @Nullable Path socket, @Nullable Path stateDir) {
        StoreSettings store = file.store();
        SadbBounds usual = store.embedded() ? SadbBounds.EMBEDDED : SadbBounds.MEMORY;
        Path state = required("state_dir", "--state-dir", stateDir, file.path("state_dir"));
        return new SamdConfig(
                required("socket", "--socket", socket, file.path("socket")),
                state,
                file.number("event_log_size", 1, 1 << 24, EVENT_LOG_SIZE),
                Duration.ofSeconds(file.number("stop_patience_seconds", 0, 3600, (int) STOP_PATIENCE.toSeconds())),
                file.optionNumbers(),
                new SadbBounds(
                        file.number("max_associations", 1, 1 << 28, usual.associations()),
                        file.number("max_keys", 1, 1 << 28, usual.keys()),
                        usual.requestIds(),
                        usual.sendBlock(),
                        usual.acceptBlock()),
                file.kmpPrincipals(),
                file.policies(),
                store,
                file.access(),
                file.audit(state));
    }

    private static Path required(String key, String flag, @Nullable Path first, @Nullable Path second) {
        Path path = first != null ? first : second;
        if (path == null) {
            throw new ConfigException(key + " is missing: say " + flag + " PATH, or " + key + " in the file");
        }
        return path;
    }
}
