// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Makes things on a thread of its own, a bounded way ahead of the thread that takes them. Used once. */
final class Ahead<T> {
    private static final int TOGETHER = 256;
    private static final int WAITING = 16;

    /** Makes things one after the other. */
    @FunctionalInterface
    interface Making<T> {
        void make(Consumer<T> to) throws RocksDBException;
    }

    /** Takes one of them. */
    @FunctionalInterface
    interface Taking<T> {
        void take(T one) throws RocksDBException;
    }

    private final BlockingQueue<List<T>> made = new ArrayBlockingQueue<>(WAITING);
    private List<T> growing = new ArrayList<>(TOGETHER);
    private @Nullable Exception failure;

    private Ahead() {}

    /** Takes all that is made, in order. What goes wrong on either side ends both, and is thrown here. */
    static <T> void forEach(Making<T> making, Taking<T> taker) throws RocksDBException {
        new Ahead<T>().run(making, taker);
    }

    private void run(Making<T> making, Taking<T> taker) throws RocksDBException {
        Thread maker = new Thread(() -> make(making), "samd-read-1");
        maker.setDaemon(true);
        maker.start();
        try {
            for (List<T> some = made.take(); !some.isEmpty(); some = made.take()) {
                for (T one : some) {
                    taker.take(one);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the store was read", e);
        } finally {
            end(maker);
        }
        if (failure instanceof RocksDBException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    /** The rows are closed by whoever called, and nobody may read them then. */
    private static void end(Thread maker) {
        maker.interrupt();
        boolean interrupted = false;
        while (maker.isAlive()) {
            try {
                maker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void make(Making<T> making) {
        try {
            making.make(this::give);
            if (!growing.isEmpty()) {
                made.put(growing);
            }
        } catch (RocksDBException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            return; // nobody takes any more
        }
        try {
            made.put(List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void give(T one) {
        growing.add(one);
        if (growing.size() == TOGETHER) {
            try {
                made.put(growing);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody takes any more", e);
            }
            growing = new ArrayList<>(TOGETHER);
        }
    }
}
