// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.testkit;

import dev.samd.kmp.drive.DriverThread;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A driver's thread and time, moved by hand on the thread of the test. */
public final class FakeClock implements DriverThread {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparing(Task::number));
    private Instant now;
    private long last;

    /** @param now when it begins */
    public FakeClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void execute(Runnable work) {
        tasks.add(new Task(now, last++, work));
    }

    @Override
    public Timer after(Duration delay, Runnable work) {
        Task task = new Task(now.plus(delay), last++, work);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    /** Does everything that is due now. */
    public void settle() {
        run(Duration.ZERO);
    }

    /** Lets time pass, and does everything that falls into it. */
    public void run(Duration time) {
        Instant end = now.plus(time);
        while (!tasks.isEmpty() && !tasks.element().at().isAfter(end)) {
            Task next = tasks.remove();
            now = next.at();
            next.work().run();
        }
        now = end;
    }

    /** What is still to come. */
    public int pending() {
        return tasks.size();
    }

    private record Task(Instant at, long number, Runnable work) {}
}
