// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.access.AccessRules;
import dev.samd.daemon.access.Door;
import dev.samd.daemon.grpc.Listener;
import dev.samd.daemon.grpc.TlsListen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be set about access. Immutable.
 *
 * @param rules who may do what; null for root and the user of the daemon alone
 * @param adminSocket path of a second Unix socket, for administration; null for one socket that serves everything
 * @param tls where to listen over TCP; null for nowhere
 */
public record AccessConfig(@Nullable AccessRules rules, @Nullable Path adminSocket, @Nullable TlsListen tls) {
    /** Nothing is said. */
    public static final AccessConfig NONE = new AccessConfig(null, null, null);

    /** Where the daemon listens. */
    List<Listener> listeners(Path socket) {
        List<Listener> listeners = new ArrayList<>();
        listeners.add(new Listener.Unix(socket, adminSocket == null ? Door.ANY : Door.APP));
        if (adminSocket != null) {
            listeners.add(new Listener.Unix(adminSocket, Door.ADMIN));
        }
        if (tls != null) {
            listeners.add(new Listener.Tls(tls));
        }
        return listeners;
    }

    /** The Unix sockets. */
    List<Path> sockets(Path socket) {
        return adminSocket == null ? List.of(socket) : List.of(socket, adminSocket);
    }

    /** The rules in force in a daemon of a user. */
    AccessRules rulesFor(int uid) {
        return rules == null ? AccessRules.standing(uid) : rules;
    }
}
