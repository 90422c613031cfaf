// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.sadb.KeyPrint;
import dev.samd.daemon.sadb.SadbBounds;
import dev.samd.sa.Direction;
import dev.samd.sa.History;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the marks ahead of the numbers. The engine wants the next block when half of the present one is used, and says
 * {@code MustWait} when it has run out: then the call waits here, bounded by its own deadline, until the store has
 * answered.
 *
 * <p>One request to the store is under way per SA and direction; whoever comes meanwhile joins it. A mark that the store
 * failed to raise counts as not raised, and the waiters are refused. Confined to the loop; the store's answers are brought
 * there by its executor.
 */
public final class Horizons {
    private static final long MAX_MARK = History.MAX_SEQUENCE + 1;
    private static final int MAX_WAITERS = 65_536;
    /** The most numbers that one rise reserves because an SA is fast. */
    private static final long MOST = 1L << 16;

    private final SaStore store;
    private final MarkHolder holder;
    private final Executor loop;
    private final SadbBounds bounds;
    private final LongSupplier nanos;
    private final Paces paces = new Paces();
    private final Map<Name, Horizon> horizons = new HashMap<>();
    private final PriorityQueue<MarkWaiter> byDeadline =
            new PriorityQueue<>((a, b) -> Long.signum(a.deadlineNanos() - b.deadlineNanos()));

    /**
     * @param store the authority
     * @param holder hears of raised marks
     * @param loop runs what the store's answers lead to
     * @param bounds the least sizes of blocks
     * @param nanos monotonic time, which the sizes of blocks alone depend on
     */
    public Horizons(SaStore store, MarkHolder holder, Executor loop, SadbBounds bounds, LongSupplier nanos) {
        this.nanos = nanos;
        this.store = store;
        this.holder = holder;
        this.loop = loop;
        this.bounds = bounds;
    }

    /** The engine has used half of its numbers below {@code mark}. */
    public void wanted(SaId sa, Direction direction, long mark) {
        if (holder.mark(sa, direction) <= mark) {
            ask(new Name(sa, direction), mark);
        }
    }

    /** Parks a call until its mark is raised. */
    public void await(MarkWaiter waiter) {
        if (byDeadline.size() >= MAX_WAITERS) {
            waiter.refuse(new SaException(
                    SaError.TOO_MANY, Integer.toString(MAX_WAITERS), MAX_WAITERS + " calls wait for numbers already"));
            return;
        }
        Name name = new Name(waiter.ticket().sa(), waiter.ticket().direction());
        if (holder.mark(name.sa(), name.direction()) >= waiter.ticket().mark()) {
            // It rose between the call's look and its wish to wait.
            waiter.resume();
            return;
        }
        Optional<String> stalled = store.stalled();
        if (stalled.isPresent()) {
            waiter.refuse(noSpace(waiter, stalled.get()));
            return;
        }
        Horizon horizon = horizons.computeIfAbsent(name, n -> new Horizon());
        horizon.waiters.add(waiter);
        byDeadline.add(waiter);
        ask(name, waiter.ticket().mark());
    }

    /** The store takes nothing now: whoever waits is refused, and may try again. */
    public void stalled(String why) {
        List<MarkWaiter> refused = List.copyOf(byDeadline);
        byDeadline.clear();
        horizons.values().forEach(horizon -> horizon.waiters.clear());
        refused.forEach(waiter -> waiter.refuse(noSpace(waiter, why)));
    }

    private static SaException noSpace(MarkWaiter waiter, String why) {
        SaId sa = waiter.ticket().sa();
        return new SaException(
                SaError.NO_SPACE, sa.toString(), "no numbers for SA " + sa + " can be reserved now: " + why);
    }

    /** An SA is gone: whoever waits for it makes the call again, and hears so. */
    public void ended(SaId sa) {
        for (Direction direction : Direction.values()) {
            Horizon horizon = horizons.remove(new Name(sa, direction));
            if (horizon != null) {
                horizon.waiters.forEach(waiter -> {
                    byDeadline.remove(waiter);
                    waiter.resume();
                });
            }
        }
    }

    /** When {@link #expire} has something to do. */
    public Optional<Long> nextDeadline() {
        MarkWaiter first = byDeadline.peek();
        return first == null ? Optional.empty() : Optional.of(first.deadlineNanos());
    }

    /** Refuses the calls whose time is up. */
    public void expire(long nowNanos) {
        for (MarkWaiter first = byDeadline.peek();
                first != null && first.deadlineNanos() - nowNanos <= 0;
                first = byDeadline.peek()) {
            byDeadline.remove();
            Name name = new Name(first.ticket().sa(), first.ticket().direction());
            Horizon horizon = horizons.get(name);
            if (horizon != null) {
                horizon.waiters.remove(first);
                dropIfIdle(name, horizon);
            }
            first.refuse(new SaException(
                    SaError.TIMED_OUT,
                    first.ticket().sa().toString(),
                    "SA " + first.ticket().sa() + " waited for numbers until the time of the call ran out"));
        }
    }

    private void ask(Name name, long needed) {
        Horizon horizon = horizons.computeIfAbsent(name, n -> new Horizon());
        horizon.needed = Math.max(horizon.needed, needed);
        if (horizon.underWay) {
            return;
        }
        long mark = Math.min(horizon.needed + block(name), MAX_MARK);
        Optional<KeyPrint> key = holder.reserve(name.sa(), name.direction(), mark);
        if (key.isEmpty()) {
            // Its end is on the way to the disk; whoever waits hears of it then.
            dropIfIdle(name, horizon);
            return;
        }
        horizon.underWay = true;
        store.extend(new SaStore.Mark(name.sa(), name.direction(), key.get(), mark), holder.usage(name.sa()))
                .whenComplete((granted, failure) -> loop.execute(() -> answered(name, horizon, granted)));
    }

    /**
     * How many numbers beyond the needed ones one rise reserves. Numbers that are left over after a crash cost nothing to who
     * sends; to who accepts they cost messages, so there they are what comes in a tenth of a second, and none at less than ten
     * records a second: then the mark moves with every record.
     */
    private long block(Name name) {
        boolean sends = name.direction() == Direction.OUTBOUND;
        long records = holder.usage(name.sa()).records();
        long perSecond = paces.perSecond(name.sa(), records, nanos.getAsLong());
        return sends
                ? Math.min(Math.max(bounds.sendBlock(), perSecond), Math.max(bounds.sendBlock(), MOST))
                : Math.min(Math.max(bounds.acceptBlock(), perSecond / 10), Math.max(bounds.acceptBlock(), MOST));
    }

    private void answered(Name name, Horizon horizon, @Nullable Long granted) {
        horizon.underWay = false;
        if (horizons.get(name) != horizon) {
            return; // the SA has ended meanwhile
        }
        if (granted == null) {
            List<MarkWaiter> refused = horizon.waiters;
            horizons.remove(name);
            refused.forEach(waiter -> {
                byDeadline.remove(waiter);
                waiter.refuse(new SaException(
                        SaError.TIMED_OUT,
                        name.sa().toString(),
                        "the store did not reserve numbers for SA " + name.sa()));
            });
            return;
        }
        holder.raise(name.sa(), name.direction(), granted);
        List<MarkWaiter> ready = new ArrayList<>();
        for (Iterator<MarkWaiter> i = horizon.waiters.iterator(); i.hasNext(); ) {
            MarkWaiter waiter = i.next();
            if (waiter.isCancelled() || waiter.ticket().mark() <= granted) {
                i.remove();
                byDeadline.remove(waiter);
                ready.add(waiter);
            }
        }
        if (horizon.waiters.isEmpty()) {
            dropIfIdle(name, horizon);
        } else {
            ask(name, horizon.needed);
        }
        ready.forEach(MarkWaiter::resume);
    }

    private void dropIfIdle(Name name, Horizon horizon) {
        if (horizon.waiters.isEmpty() && !horizon.underWay) {
            horizons.remove(name, horizon);
        }
    }

    private record Name(SaId sa, Direction direction) {}

    private static final class Horizon {
        private final List<MarkWaiter> waiters = new ArrayList<>();
        private long needed;
        private boolean underWay;
    }
}
