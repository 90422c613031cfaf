// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import java.nio.file.Path;

/**
 * A connection to one daemon. Thread-safe; made for many callers, so make one per daemon and keep it.
 *
 * <p>Nothing is sent until the first call, and a daemon that was away is found again by the next one. Closing ends every
 * call that is under way.
 */
public final class SamdClient implements AutoCloseable {
    /** Environment variable that names the socket. */
    public static final String SOCKET_VARIABLE = "SAMD_SOCKET";

    /** Environment variable that names the socket for administration. */
    public static final String ADMIN_SOCKET_VARIABLE = "SAMD_ADMIN_SOCKET";

    /** Where the daemon listens for administration, where that has a socket of its own. */
    public static final Path DEFAULT_ADMIN_SOCKET = Path.of("/run/samd/admin.sock");

    /** Where the daemon listens if nobody says otherwise. */
    public static final Path DEFAULT_SOCKET = Path.of("/run/samd/app.sock");

    private final Connection connection;
    private final Records records;
    private final Sadb sadb;
    private final Watch watch;
    private final Admin admin;
    private final KmpControl kmp;
    private final Policies policies;

    private SamdClient(Connection connection, StreamBounds bounds) {
        this.connection = connection;
        this.records = new Records(connection, bounds);
        this.sadb = new Sadb(connection);
        this.watch = new Watch(connection);
        this.admin = new Admin(connection);
        this.kmp = new KmpControl(connection);
        this.policies = new Policies(connection);
    }

    /**
     * A client of the daemon that listens at the given socket.
     *
     * @throws SamdUnavailableException if no daemon can listen there: the path is longer than Linux allows, or this is not
     *     Linux
     */
    public static SamdClient connect(Path socket) {
        return connect(socket, StreamBounds.DEFAULT);
    }

    /** A client of the daemon whose socket {@link #SOCKET_VARIABLE} names, or of {@link #DEFAULT_SOCKET}. */
    public static SamdClient connect() {
        String named = System.getenv(SOCKET_VARIABLE);
        return connect(named == null || named.isEmpty() ? DEFAULT_SOCKET : Path.of(named));
    }

    /**
     * A client of a daemon that listens on TCP, with the client's certificate.
     *
     * @throws SamdUnavailableException if the files make no TLS client
     */
    public static SamdClient connect(TlsAddress daemon) {
        return new SamdClient(Connection.open(daemon), StreamBounds.DEFAULT);
    }

    static SamdClient connect(Path socket, StreamBounds bounds) {
        return new SamdClient(Connection.open(socket), bounds);
    }

    /** The data path: protect, unprotect, seal, open. */
    public Records records() {
        return records;
    }

    /** The SA database. */
    public Sadb sadb() {
        return sadb;
    }

    /** Changes of the SA database as they happen. */
    public Watch watch() {
        return watch;
    }

    /** The daemon itself. */
    public Admin admin() {
        return admin;
    }

    /** What key management protocols (KMPs) and the daemon tell each other. */
    public KmpControl kmp() {
        return kmp;
    }

    /** What has to be protected, and who may speak for whom. */
    public Policies policies() {
        return policies;
    }

    /** Where the daemon is that this client was made for: the path of its socket, or host and port. */
    public String address() {
        return connection.address();
    }

    @Override
    public void close() {
        records.close();
        connection.close();
    }
}
