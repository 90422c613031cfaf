// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Lets one go after the other, in the order in which they came. Thread-safe; whoever waits has to be bounded elsewhere. */
final class Turns {
    private final Executor executor;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean taken;

    Turns(Executor executor) {
        this.executor = executor;
    }

    /** Runs this when its turn comes, on the executor; the turn lasts until {@link #done}. */
    synchronized void await(Runnable turn) {
        if (taken) {
            waiting.add(turn);
        } else {
            taken = true;
            executor.execute(turn);
        }
    }

    /** Ends the present turn. */
    synchronized void done() {
        Runnable next = waiting.poll();
        if (next == null) {
            taken = false;
        } else {
            executor.execute(next);
        }
    }
}
