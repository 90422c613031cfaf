// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log of a daemon. Thread-safe; no call waits for the disk.
 *
 * <p>An operation that can be refused has two lines under {@link OnFailure#STOP}: {@link #intend} before it is tried, and
 * {@link #conclude} with what became of it. It is tried only when the first is durable, so nothing happens without its line,
 * whatever fails in between. Under {@link OnFailure#COUNT} it has the second line alone and waits for nothing. Everything
 * else goes by {@link #record}.
 *
 * <p>While writing fails, STOP refuses what would begin, and keeps the conclusions of what has begun, which the queue bounds;
 * COUNT counts. Twice a second it is tried again; the first line that can be written says what is missing.
 */
public final class AuditLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
    private static final CompletionStage<Void> WRITTEN = CompletableFuture.completedFuture(null);
    private static final int MAX_BATCH = 1024;
    private static final int SOON_MILLIS = 100;
    private static final long RETRY_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LONG_NANOS = Duration.ofHours(1).toNanos();
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final AuditSettings settings;
    private final Clock wall;
    private final AuditTrail trail;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    // All below under the lock.
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final Repeats repeats = new Repeats();
    private final List<Consumer<Boolean>> watchers = new ArrayList<>();
    private int droppable;
    private int begun;
    private long lost;
    private long refused;
    private String lostWhy = "";
    private @Nullable String failure;
    private boolean closing;

    private AuditLog(AuditSettings settings, Clock wall, AuditTrail trail) {
        this.settings = settings;
        this.wall = wall;
        this.trail = trail;
        this.thread = new Thread(this::run, "samd-audit-1");
        thread.setDaemon(true);
    }

    /**
     * Opens the log and goes on where it ends.
     *
     * @param run random name of the daemon's run
     * @param random for the key of a new log
     * @throws IOException if its files cannot be read, or not be made on the first start
     */
    public static AuditLog open(AuditSettings settings, Clock wall, String run, RandomGenerator random)
            throws IOException {
        AuditLog opened = new AuditLog(settings, wall, AuditTrail.open(settings, run, random));
        opened.thread.start();
        return opened;
    }

    /**
     * Something is to be tried.
     *
     * @return ends when its line is durable, or with a {@link SaException}: then it must not be tried. After a good end, one
     *     {@link #conclude} follows
     */
    public CompletionStage<Void> intend(AuditEvent event) {
        if (settings.onFailure() == OnFailure.COUNT) {
            return WRITTEN;
        }
        lock.lock();
        try {
            if (failure != null || closing) {
                refused++;
                return CompletableFuture.failedFuture(unavailable());
            }
            if (begun >= settings.queue()) {
                return CompletableFuture.failedFuture(new SaException(
                        SaError.TOO_MANY,
                        Integer.toString(settings.queue()),
                        settings.queue() + " operations wait for the audit log already; try again in " + SOON_MILLIS
                                + " ms",
                        SOON_MILLIS));
            }
            begun++;
            return enqueue(event, Keeping.REFUSE);
        } finally {
            lock.unlock();
        }
    }

    /**
     * What became of something that was {@linkplain #intend intended}.
     *
     * @return ends when its line is durable, or will not be for some time; never with a failure
     */
    public CompletionStage<Void> conclude(AuditEvent event) {
        lock.lock();
        try {
            if (closing) {
                // The thread may have looked for lines for the last time already.
                return WRITTEN;
            }
            if (settings.onFailure() == OnFailure.COUNT) {
                drop(event);
                return WRITTEN;
            }
            CompletionStage<Void> written = enqueue(event, Keeping.KEEP_BEGUN);
            return failure == null ? written : WRITTEN;
        } finally {
            lock.unlock();
        }
    }

    /** Something happened that nobody can refuse any more. What is denied many times within a second is counted. */
    public void record(AuditEvent event) {
        lock.lock();
        try {
            if (closing) {
                return;
            }
            boolean denial = event.kind() == AuditKind.DENIED || event.kind() == AuditKind.AUTHENTICATION_FAILED;
            if (!denial) {
                drop(event);
                return;
            }
            switch (repeats.tell(event, System.nanoTime())) {
                case NEW -> drop(event);
                case COUNTED -> work.signal();
                case TOO_MANY_KINDS -> lose("too many kinds of denials within a second");
            }
        } finally {
            lock.unlock();
        }
    }

    /** The same for what must not be lost while the daemon lives: its start and its stop. Few, so not bounded. */
    public void keep(AuditEvent event) {
        lock.lock();
        try {
            if (!closing) {
                enqueue(event, Keeping.KEEP);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells whether operations are taken: now, and whenever that changes.
     *
     * @param watcher called under the lock of the log: must not block, nor call it
     */
    public void watch(Consumer<Boolean> watcher) {
        lock.lock();
        try {
            watchers.add(watcher);
            watcher.accept(accepts());
        } finally {
            lock.unlock();
        }
    }

    private boolean accepts() {
        return settings.onFailure() == OnFailure.COUNT || failure == null;
    }

    private void drop(AuditEvent event) {
        if (failure != null) {
            lose(failure);
        } else if (droppable >= settings.queue()) {
            lose("the queue of " + settings.queue() + " lines was full");
        } else {
            droppable++;
            enqueue(event, Keeping.DROP);
        }
    }

    private void lose(String why) {
        lost++;
        lostWhy = why;
        work.signal();
    }

    private CompletionStage<Void> enqueue(AuditEvent event, Keeping keeping) {
        Waiting waiting = new Waiting(new TimedEvent(event, wall.instant()), keeping, new CompletableFuture<>());
        queue.add(waiting);
        work.signal();
        return waiting.written;
    }

    private SaException unavailable() {
        return new SaException(
                SaError.AUDIT_UNAVAILABLE,
                settings.file().toString(),
                closing
                        ? "the daemon is stopping"
                        : "the audit log " + settings.file() + " cannot be written: " + failure);
    }

    private void run() {
        boolean open = true;
        while (open) {
            Batch batch = nextBatch();
            open = !batch.last;
            if (batch.events.isEmpty()) {
                continue;
            }
            try {
                trail.append(batch.events);
                written(batch);
            } catch (IOException | RuntimeException e) {
                failed(batch, e);
            }
        }
    }

    private Batch nextBatch() {
        lock.lock();
        try {
            long retryAt = System.nanoTime() + RETRY_NANOS;
            while (!closing && !isDue(retryAt)) {
                try {
                    long unused = work.awaitNanos(Math.max(1, wakeAt(retryAt) - System.nanoTime()));
                } catch (InterruptedException e) {
                    // Nobody interrupts this thread; if somebody does, it looks again whether there is work.
                    log.warn("the audit log was interrupted", e);
                }
            }
            if (closing
                    || repeats.deadline()
                            .filter(end -> end - System.nanoTime() <= 0)
                            .isPresent()) {
                repeats.end().forEach(this::drop);
            }
            Batch batch = new Batch();
            while (!queue.isEmpty() && batch.waiting.size() < MAX_BATCH) {
                batch.add(queue.remove());
            }
            if (lost > 0 || refused > 0) {
                batch.addLost(lost, refused, failure != null ? failure : lostWhy, wall);
            }
            batch.last = closing && queue.isEmpty();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue(long retryAt) {
        long now = System.nanoTime();
        if (failure != null) {
            return retryAt - now <= 0;
        }
        return !queue.isEmpty()
                || lost > 0
                || repeats.deadline().filter(end -> end - now <= 0).isPresent();
    }

    private long wakeAt(long retryAt) {
        return failure != null ? retryAt : repeats.deadline().orElseGet(() -> System.nanoTime() + LONG_NANOS);
    }

    private void written(Batch batch) {
        lock.lock();
        try {
            lost -= batch.lost;
            refused -= batch.refused;
            for (Waiting waiting : batch.waiting) {
                switch (waiting.keeping) {
                    case DROP -> droppable--;
                    case KEEP_BEGUN -> begun--;
                    case REFUSE, KEEP -> {}
                }
            }
            if (failure != null) {
                failure = null;
                log.info("the audit log is written again file={}", settings.file());
                watchers.forEach(watcher -> watcher.accept(true));
            }
        } finally {
            lock.unlock();
        }
        batch.waiting.forEach(waiting -> waiting.written.complete(null));
    }

    private void failed(Batch batch, Exception why) {
        List<Waiting> unwritten = new ArrayList<>(batch.waiting);
        List<CompletableFuture<Void>> refusing = new ArrayList<>();
        List<CompletableFuture<Void>> released = new ArrayList<>();
        SaException refusal;
        lock.lock();
        try {
            if (failure == null) {
                log.error(
                        "the audit log cannot be written file={} on_failure={}",
                        settings.file(),
                        settings.onFailure(),
                        why);
                failure = String.valueOf(why.getMessage());
                watchers.forEach(watcher -> watcher.accept(accepts()));
            }
            refusal = unavailable();
            unwritten.addAll(queue);
            queue.clear();
            for (Waiting waiting : unwritten) {
                switch (waiting.keeping) {
                    case REFUSE -> {
                        begun--;
                        refused++;
                        refusing.add(waiting.written);
                    }
                    case DROP -> {
                        droppable--;
                        lose(String.valueOf(failure));
                    }
                    case KEEP, KEEP_BEGUN -> {
                        queue.add(waiting);
                        released.add(waiting.written);
                    }
                }
            }
            if (closing) {
                log.error("the daemon stops with audit lines that were not written count={}", queue.size() + lost);
                queue.clear();
            }
        } finally {
            lock.unlock();
        }
        refusing.forEach(stage -> stage.completeExceptionally(refusal));
        released.forEach(stage -> stage.complete(null));
    }

    /** Writes what waits, and that the daemon stops; what cannot be written then is lost. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closing) {
                return;
            }
            enqueue(AuditEvent.byDaemon(AuditKind.STOPPED), Keeping.KEEP);
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
            if (thread.isAlive()) {
                log.error("the audit log is left open: the disk does not answer file={}", settings.file());
                return;
            }
            trail.close();
        } catch (IOException e) {
            log.error("the audit log could not be closed file={}", settings.file(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What becomes of a line that cannot be written. */
    private enum Keeping {
        /** What it is about is refused. */
        REFUSE,
        /** It waits, for as long as it takes; it is about something that was begun. */
        KEEP_BEGUN,
        /** It waits, for as long as it takes. */
        KEEP,
        /** It is counted. */
        DROP
    }

    private record Waiting(TimedEvent event, Keeping keeping, CompletableFuture<Void> written) {}

    /** Lines that are written together. Confined to the thread. */
    private static final class Batch {
        private final List<Waiting> waiting = new ArrayList<>();
        private final List<TimedEvent> events = new ArrayList<>();
        private long lost;
        private long refused;
        private boolean last;

        void add(Waiting one) {
            waiting.add(one);
            events.add(one.event);
        }

        void addLost(long howMany, long howManyRefused, String why, Clock wall) {
            lost = howMany;
            refused = howManyRefused;
            AuditEvent event = AuditEvent.byDaemon(AuditKind.LOST)
                    .with("lines", lost)
                    .with("refused", refused)
                    .with("why", why);
            events.add(new TimedEvent(event, wall.instant()));
        }
    }
}
