// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.sadb.Change;
import dev.samd.daemon.store.SaStore;
import dev.samd.sa.Direction;
import dev.samd.sa.SaId;
import dev.samd.sa.Usage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** A store whose marks rise when the test says so; its commits are done at once, or when the test says so too. */
final class SlowStore implements SaStore {
    final BlockingQueue<Extension> extensions = new LinkedBlockingQueue<>();
    final BlockingQueue<CompletableFuture<Long>> commits = new LinkedBlockingQueue<>();
    volatile boolean slowCommits;
    volatile boolean closed;

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public CompletionStage<Long> commit(List<Change> changes, long lastId) {
        if (!slowCommits) {
            return CompletableFuture.completedFuture(0L);
        }
        CompletableFuture<Long> commit = new CompletableFuture<>();
        commits.add(commit);
        return commit;
    }

    @Override
    public CompletionStage<Long> extend(Mark mark, Usage usage) {
        Extension extension = new Extension(mark.sa(), mark.direction(), mark.mark(), new CompletableFuture<>());
        extensions.add(extension);
        return extension.done();
    }

    @Override
    public void keep(SaId sa, Usage usage) {
        // Nobody reads it.
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
        // It is said by stalled alone.
    }

    @Override
    public void close() {
        closed = true;
    }

    record Extension(SaId sa, Direction direction, long mark, CompletableFuture<Long> done) {
        void grant() {
            done.complete(mark);
        }
    }
}
