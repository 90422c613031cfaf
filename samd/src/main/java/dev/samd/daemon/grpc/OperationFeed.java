// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.v1.Operation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The calls of others as they are answered (X_PROMISC, RFC 2367 s3.1.11). Live only: nobody keeps them. Thread-safe. */
final class OperationFeed {
    private final List<Consumer<Operation>> watchers = new CopyOnWriteArrayList<>();

    /** Whether anybody looks: nothing is prepared for nobody. */
    boolean isWatched() {
        return !watchers.isEmpty();
    }

    /** Hands an operation to all who look. */
    void tell(Operation operation) {
        watchers.forEach(watcher -> watcher.accept(operation));
    }

    /**
     * Looks from now on.
     *
     * @param watcher called on the threads of the calls: must not block
     */
    void watch(Consumer<Operation> watcher) {
        watchers.add(watcher);
    }

    /** Looks no more. */
    void leave(Consumer<Operation> watcher) {
        watchers.remove(watcher);
    }
}
