// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Lets everybody work, or nobody but one. */
final class Gate {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

    /** Does a piece of work, when it may be done. */
    void pass(Runnable work) {
        lock.readLock().lock();
        try {
            work.run();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Something that is done while everybody else waits. */
    @FunctionalInterface
    interface Alone {
        void run() throws InterruptedException;
    }

    /** Waits until nobody is at work, and keeps everybody waiting meanwhile. */
    void alone(Alone work) throws InterruptedException {
        lock.writeLock().lock();
        try {
            work.run();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
