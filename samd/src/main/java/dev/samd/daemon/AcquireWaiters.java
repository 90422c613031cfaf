// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * The calls that wait for SAs, by the number of their need and by their own deadlines. Bounded by the database, which counts
 * them. Confined to the loop.
 */
final class AcquireWaiters {
    private final Map<Long, Set<Entry>> byNeed = new HashMap<>();
    private final Map<AcquireWaiter, Entry> entries = new HashMap<>();
    private final TreeSet<Entry> byDeadline = new TreeSet<>(
            ((Comparator<Entry>) (a, b) -> Long.signum(a.waiter.deadlineNanos() - b.waiter.deadlineNanos()))
                    .thenComparingLong(entry -> entry.serial));
    private long serial;
    private boolean closed;

    /** A call waits for a need. */
    void add(long need, AcquireWaiter waiter) {
        Entry entry = new Entry(need, waiter, ++serial);
        byNeed.computeIfAbsent(need, n -> new LinkedHashSet<>()).add(entry);
        entries.put(waiter, entry);
        byDeadline.add(entry);
    }

    /** A call waits no more. Gives the number of its need if it waited. */
    Optional<Long> remove(AcquireWaiter waiter) {
        Entry entry = entries.remove(waiter);
        if (entry == null) {
            return Optional.empty();
        }
        byDeadline.remove(entry);
        Set<Entry> others = byNeed.get(entry.need);
        if (others != null) {
            others.remove(entry);
            if (others.isEmpty()) {
                byNeed.remove(entry.need);
            }
        }
        return Optional.of(entry.need);
    }

    /** Those who wait for a need make their calls again. */
    void released(long need) {
        take(need).forEach(entry -> entry.waiter.resume());
    }

    /** Those who wait for a need hear why they do in vain. */
    void refused(long need, SaException why) {
        take(need).forEach(entry -> entry.waiter.refuse(why));
    }

    private List<Entry> take(long need) {
        Set<Entry> taken = byNeed.remove(need);
        if (taken == null) {
            return List.of();
        }
        for (Entry entry : taken) {
            entries.remove(entry.waiter);
            byDeadline.remove(entry);
        }
        return List.copyOf(taken);
    }

    /** When {@link #expire} has something to do. */
    Optional<Long> nextDeadline() {
        return byDeadline.isEmpty()
                ? Optional.empty()
                : Optional.of(byDeadline.first().waiter.deadlineNanos());
    }

    /**
     * Refuses the calls whose time is up.
     *
     * @param left hears the number of the need of each
     */
    void expire(long nowNanos, LongConsumer left) {
        while (!byDeadline.isEmpty() && byDeadline.first().waiter.deadlineNanos() - nowNanos <= 0) {
            AcquireWaiter waiter = byDeadline.first().waiter;
            remove(waiter).ifPresent(left::accept);
            waiter.refuse(new SaException(
                    SaError.TIMED_OUT,
                    waiter.need().target().uri(),
                    "the time of the call ran out while KMPs " + waiter.need().kmps() + " were asked for an SA to "
                            + waiter.need().target()));
        }
    }

    /** Nobody waits any more, and nobody will. */
    void close(SaException why) {
        closed = true;
        for (Long need : List.copyOf(byNeed.keySet())) {
            refused(need, why);
        }
    }

    boolean isClosed() {
        return closed;
    }

    private record Entry(long need, AcquireWaiter waiter, long serial) {}
}
