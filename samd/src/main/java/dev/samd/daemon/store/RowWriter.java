// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Whatever came while it wrote is one write together: that is the group commit.
 *
 * <p>A write that fails has an unknown outcome. Then the store is closed, opened again and given the same rows once more, which
 * are absolute, until it takes them: until then nothing that came later is written, and nothing is acknowledged.
 */
final class RowWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RowWriter.class);
    private static final int MOST_AT_ONCE = 8192;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Opens the rows anew. */
    @FunctionalInterface
    interface Opening {
        RocksRows open() throws IOException, RocksDBException;
    }

    /** Notes how far the store has come. */
    @FunctionalInterface
    interface Progress {
        void reached(long sequence);
    }

    /** Something that is done with the rows. */
    @FunctionalInterface
    interface Work<T> {
        T with(RocksRows rows) throws IOException, RocksDBException;
    }

    /** What the thread does: rows, which are written together with those of others, or work for itself. */
    private sealed interface Job {
        void fail(StoreException why);
    }

    private record Writing(List<RowWrite> rows, CompletableFuture<Void> done) implements Job {
        @Override
        public void fail(StoreException why) {
            done.completeExceptionally(why);
        }
    }

    private record Working<T>(Work<T> work, CompletableFuture<T> done) implements Job {
        void perform(RocksRows open) throws IOException, RocksDBException {
            done.complete(work.with(open));
        }

        @Override
        public void fail(StoreException why) {
            done.completeExceptionally(why);
        }
    }

    private final Opening opening;
    private final Progress progress;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final ArrayDeque<Job> queue = new ArrayDeque<>();
    private final Thread thread;
    private @Nullable RocksRows rows;
    private boolean closing;
    private volatile @Nullable String stalled;
    private volatile Runnable stallListener = () -> {};
    private long guarded = System.nanoTime();

    RowWriter(RocksRows rows, Opening opening, Progress progress) {
        this.rows = rows;
        this.opening = opening;
        this.progress = progress;
        thread = new Thread(this::run, "samd-store-1");
        thread.setDaemon(true);
        thread.start();
    }

    /** Why nothing becomes durable now; empty if it does. */
    Optional<String> stalled() {
        return Optional.ofNullable(stalled);
    }

    /** Whom to tell when nothing becomes durable any more. */
    void whenStalled(Runnable listener) {
        stallListener = listener;
    }

    /** Writes rows behind all that came before; ends when they are durable, on the writing thread. */
    CompletableFuture<Void> write(List<RowWrite> written) {
        Writing job = new Writing(written, new CompletableFuture<>());
        add(job);
        return job.done;
    }

    /**
     * Does something with the rows on the writing thread, behind all that came before, and waits for it.
     *
     * @throws StoreException if it failed: its outcome is unknown, and the rows are opened anew
     */
    <T> T call(Work<T> work) throws StoreException {
        Working<T> job = new Working<>(work, new CompletableFuture<>());
        add(job);
        try {
            return job.done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new StoreException(
                    cause == null ? "work on the store failed" : String.valueOf(cause.getMessage()), e);
        }
    }

    /** Writes rows behind all that came before, for nobody who waits; drops them while nothing becomes durable. */
    void note(List<RowWrite> written) {
        if (stalled != null) {
            return; // what strangers cause must not pile up
        }
        add(new Writing(written, new CompletableFuture<>()));
    }

    private void add(Job job) {
        lock.lock();
        try {
            if (closing) {
                job.fail(new StoreException("the store is closed"));
                return;
            }
            queue.add(job);
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        List<Job> jobs = take();
        while (!jobs.isEmpty()) {
            if (jobs.get(0) instanceof Working<?> working) {
                perform(working);
            } else {
                writeTogether(jobs);
            }
            jobs = take();
        }
        RocksRows last = rows;
        if (last != null) {
            progress.reached(last.sequence());
            last.close();
        }
    }

    private void writeTogether(List<Job> jobs) {
        List<Writing> writings = new ArrayList<>();
        List<RowWrite> all = new ArrayList<>();
        for (Job job : jobs) {
            if (job instanceof Writing writing) {
                writings.add(writing);
                all.addAll(writing.rows);
            }
        }
        boolean written = writeUntilDone(all);
        for (Writing writing : writings) {
            if (written) {
                writing.done.complete(null);
            } else {
                writing.fail(new StoreException("the store was closed before it was written"));
            }
        }
    }

    private void perform(Working<?> working) {
        try {
            working.perform(opened());
        } catch (IOException | RocksDBException e) {
            giveUpHandle();
            working.fail(new StoreException(String.valueOf(e.getMessage()), e));
        } catch (RuntimeException e) {
            log.error("work on the store failed", e);
            working.fail(new StoreException("a fault of the daemon; see its log", e));
        }
    }

    /** What waits, up to the next work, or one work; nothing at the end. */
    private List<Job> take() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                more.awaitUninterruptibly();
            }
            List<Job> taken = new ArrayList<>();
            for (Job next = queue.peek();
                    next != null && taken.size() < MOST_AT_ONCE && (next instanceof Writing || taken.isEmpty());
                    next = queue.peek()) {
                taken.add(queue.remove());
                if (next instanceof Working) {
                    break;
                }
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private boolean writeUntilDone(List<RowWrite> all) {
        while (true) {
            try {
                RocksRows open = opened();
                open.write(all);
                if (stalled != null) {
                    log.info("the store takes changes again");
                    stalled = null;
                }
                noteProgress(open);
                return true;
            } catch (IOException | RocksDBException e) {
                boolean begins = stalled == null;
                stalled = String.valueOf(e.getMessage());
                if (begins) {
                    log.error("the store takes no changes, nothing is granted until it does cause={}", e.getMessage());
                    stallListener.run();
                }
                giveUpHandle();
                if (!pause()) {
                    return false;
                }
            }
        }
    }

    private RocksRows opened() throws IOException, RocksDBException {
        RocksRows open = rows;
        if (open == null) {
            open = opening.open();
            rows = open;
        }
        return open;
    }

    private void noteProgress(RocksRows open) {
        long now = System.nanoTime();
        if (now - guarded >= GUARD_NANOS) {
            guarded = now;
            progress.reached(open.sequence());
        }
    }

    /** After a failed write the handle may say what is not so: only what is read again counts. */
    private void giveUpHandle() {
        RocksRows dead = rows;
        rows = null;
        if (dead != null) {
            dead.close();
        }
    }

    /** Whether to try again. */
    private boolean pause() {
        lock.lock();
        try {
            long left = RETRY_NANOS;
            while (!closing && left > 0) {
                left = more.awaitNanos(left);
            }
            return !closing;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits, and closes the rows. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
