// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.AccessRules;
import dev.samd.daemon.access.AccessWatcher;
import java.util.List;

/**
 * Who may come in, and where.
 *
 * @param listeners where the daemon listens
 * @param rules who may do what
 * @param watcher hears of decisions
 */
public record AccessSetup(List<Listener> listeners, AccessRules rules, AccessWatcher watcher) {
    public AccessSetup {
        listeners = List.copyOf(listeners);
    }
}
