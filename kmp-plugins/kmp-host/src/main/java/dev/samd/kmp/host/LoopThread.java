// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.kmp.drive.DriverThread;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of all drivers. After the end nothing runs any more. */
final class LoopThread implements DriverThread, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LoopThread.class);

    private final Clock clock = Clock.systemUTC();
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "samd-kmp-1");
        thread.setDaemon(true);
        return thread;
    });

    LoopThread() {
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void execute(Runnable work) {
        try {
            executor.execute(guarded(work));
        } catch (RejectedExecutionException e) {
            log.debug("work after the end is left undone");
        }
    }

    @Override
    public Timer after(Duration delay, Runnable work) {
        try {
            Future<?> task = executor.schedule(guarded(work), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> task.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                log.error("defect in a driver", e);
            }
        };
    }

    /** Finishes what is due, for a short while, and ends. */
    @Override
    public void close() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            executor.shutdownNow();
        }
    }
}
