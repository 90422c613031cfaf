// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.sadb.Change;
import dev.samd.daemon.store.SaStore;
import dev.samd.sa.Direction;
import dev.samd.sa.SaId;
import java.util.List;
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
    public CompletionStage<Long> commit(List<Change> changes) {
        if (!slowCommits) {
            return CompletableFuture.completedFuture(0L);
        }
        CompletableFuture<Long> commit = new CompletableFuture<>();
        commits.add(commit);
        return commit;
    }

    @Override
    public CompletionStage<Long> extend(SaId sa, Direction direction, long mark) {
        Extension extension = new Extension(sa, direction, mark, new CompletableFuture<>());
        extensions.add(extension);
        return extension.done();
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
