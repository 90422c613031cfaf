// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Threads that do the same thing again and again, whatever becomes of the daemons. */
final class Workers implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private final Journal journal;
    private final Gate gate;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    Workers(Journal journal, Gate gate) {
        this.journal = journal;
        this.gate = gate;
    }

    /** Starts one more: after a piece of work that says so it pauses, as a client does before it tries again. */
    void start(String name, BooleanSupplier work) {
        Thread thread = new Thread(() -> repeat(work), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void repeat(BooleanSupplier work) {
        while (!closed) {
            gate.pass(() -> {
                try {
                    if (!work.getAsBoolean()) {
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                } catch (ViolationException e) {
                    journal.violated(e.violation());
                } catch (RuntimeException e) {
                    journal.violated(Violation.of(Thread.currentThread().getName() + " ended with " + e));
                    throw e;
                }
            });
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(20));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
