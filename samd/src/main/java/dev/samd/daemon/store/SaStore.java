// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.sadb.Change;
import dev.samd.sa.Direction;
import dev.samd.sa.SaId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The authority that changes and marks are made durable by. Calls come from one thread and return at once; the stages end
 * on any thread, in the order of the calls. A stage that fails leaves the outcome unknown: the caller counts it as not done.
 */
public interface SaStore extends AutoCloseable {
    /** The kind of store, as it is shown: {@code memory}. */
    String name();

    /**
     * Makes the changes of one step durable, all or none.
     *
     * @return ends with the revision of the last change
     */
    CompletionStage<Long> commit(List<Change> changes);

    /**
     * Raises a mark of an SA's key. Marks only rise.
     *
     * @return ends with the mark that is durable, not below the one asked for
     */
    CompletionStage<Long> extend(SaId sa, Direction direction, long mark);

    /** Ends the use of the store. */
    @Override
    void close();
}
