// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.sadb.SadbEvent;
import dev.samd.sa.Endpoint;
import dev.samd.v1.EventKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events a watcher wants.
 *
 * @param peer those of SAs with this peer, or {@code null} for all
 * @param kinds those of these kinds; empty for all
 */
record WatchFilter(@Nullable Endpoint peer, Set<EventKind> kinds) {
    WatchFilter {
        kinds = Set.copyOf(kinds);
    }

    boolean wants(SadbEvent event) {
        boolean ofPeer = peer == null || event.peer().map(peer::equals).orElse(false);
        return ofPeer && (kinds.isEmpty() || kinds.contains(EventWire.kind(event)));
    }
}
