// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads for what may wait. Beyond its bounds work is refused: the run that wanted it fails, and no other waits for it. */
final class Workers implements Executor, AutoCloseable {
    private static final int THREADS = 8;
    private static final int WAITING = 256;

    private final AtomicInteger number = new AtomicInteger();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
                Thread thread = new Thread(work, "samd-kmp-work-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    Workers() {
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
