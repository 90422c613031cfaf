// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.sadb.Change;
import dev.samd.daemon.sadb.KeyPrint;
import dev.samd.sa.Direction;
import dev.samd.sa.History;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.util.List;
import java.util.Optional;
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
     * @param lastId the last id that was given to anything
     * @return ends with the revision of the last change
     */
    CompletionStage<Long> commit(List<Change> changes, long lastId);

    /**
     * Raises a mark of an SA's key. Marks only rise.
     *
     * @param usage what the SA has been used for by now
     * @return ends with the mark that is durable, not below the one asked for
     */
    CompletionStage<Long> extend(Mark mark, Usage usage);

    /** Notes what an SA has been used for by now; nobody waits for it. */
    void keep(SaId sa, Usage usage);

    /**
     * Leaves notes of where numbers stand, exactly, at the end of a life: after this nothing uses a number any more. They are
     * valid in the next life alone.
     *
     * @return ends when they are durable
     */
    CompletionStage<Void> leave(List<Note> notes, long revision);

    /** Why nothing becomes durable now: whoever asks for something new is refused meanwhile. Empty if all is well. */
    Optional<String> stalled();

    /** Whom to tell when that begins; called on any thread. To be said before the first change. */
    void whenStalled(Runnable listener);

    /** What an operator can do with it. Any thread. */
    default Upkeep upkeep() {
        return Upkeep.NONE;
    }

    /** Ends the use of the store, when everything is written that was given. */
    @Override
    void close();

    /**
     * How far numbers may be used.
     *
     * @param key the key of the SA, which the mark belongs to
     * @param mark numbers below it may be used
     */
    record Mark(SaId sa, Direction direction, KeyPrint key, long mark) {}

    /**
     * Where the numbers of one SA stand at the end.
     *
     * @param usage all it was used for
     * @param accepted inbound: the numbers that were accepted
     */
    record Note(SaId sa, Usage usage, Optional<History> accepted) {}
}
