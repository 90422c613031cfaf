// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.Rights;
import dev.samd.daemon.sadb.SadbEvent;
import dev.samd.sa.Endpoint;
import dev.samd.v1.EventKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events a watcher wants, and may see: those about SAs that it sees, and those about no SA if it sees everything.
 *
 * @param peer those of SAs with this peer, or {@code null} for all
 * @param kinds those of these kinds; empty for all
 * @param rights of the watcher
 */
record WatchFilter(@Nullable Endpoint peer, Set<EventKind> kinds, Rights rights) {
    WatchFilter {
        kinds = Set.copyOf(kinds);
    }

    boolean wants(SadbEvent event) {
        boolean ofPeer = peer == null || event.peer().map(peer::equals).orElse(false);
        return ofPeer && isVisible(event) && (kinds.isEmpty() || kinds.contains(EventWire.kind(event)));
    }

    private boolean isVisible(SadbEvent event) {
        return event.about()
                .map(entry -> rights.sees(entry.owner(), entry.local()))
                .orElseGet(rights::seesEverything);
    }
}
