// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.sadb.Change;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The authority of a daemon that forgets its SAs when it stops: with the process the keys are gone as well, so whatever is
 * in memory is as durable as it has to be.
 */
public final class MemoryStore implements SaStore {
    @Override
    public String name() {
        return "memory";
    }

    @Override
    public CompletionStage<Long> commit(List<Change> changes, long lastId) {
        long revision = 0;
        for (Change change : changes) {
            revision = Math.max(revision, change.revision());
        }
        return CompletableFuture.completedFuture(revision);
    }

    @Override
    public CompletionStage<Long> extend(Mark mark, Usage usage) {
        return CompletableFuture.completedFuture(mark.mark());
    }

    @Override
    public void keep(SaId sa, Usage usage) {
        // It is in memory already.
    }

    @Override
    public CompletionStage<Void> leave(List<Note> notes, long revision) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<String> stalled() {
        return Optional.empty();
    }

    @Override
    public void whenStalled(Runnable listener) {
        // It never is.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
