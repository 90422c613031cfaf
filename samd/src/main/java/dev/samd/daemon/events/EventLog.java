// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.events;

import dev.samd.daemon.sadb.Cursor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last events, by revision: a ring, in which the event of revision {@code r} stands at {@code r mod capacity}.
 * Thread-safe: one thread appends, any number of subscriptions pull.
 */
public final class EventLog {
    private final long incarnation;
    private final @Nullable LoggedEvent[] ring;
    private final Object lock = new Object();
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final long first;
    private long last;

    /**
     * @param from where the log begins: nothing before it is known here
     * @param capacity how many events are kept, at least 1
     */
    public EventLog(Cursor from, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("event log of " + capacity + " events");
        }
        this.incarnation = from.incarnation();
        this.first = from.revision();
        this.last = from.revision();
        this.ring = new LoggedEvent[capacity];
    }

    /** The cursor behind the last event. */
    public Cursor cursor() {
        synchronized (lock) {
            return new Cursor(incarnation, last);
        }
    }

    /** Appends events of consecutive revisions, and wakes whoever waits for them. */
    public void append(List<LoggedEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        List<Subscription> waiting;
        synchronized (lock) {
            for (LoggedEvent event : events) {
                long revision = event.event().revision();
                if (revision != last + 1) {
                    throw new IllegalStateException("event " + revision + " behind event " + last);
                }
                last = revision;
                ring[(int) (revision % ring.length)] = event;
            }
            waiting = new ArrayList<>(subscriptions);
        }
        waiting.forEach(Subscription::wake);
    }

    /**
     * Subscribes to everything behind a cursor.
     *
     * @param from the cursor, or {@code null} for now
     * @param wake is run on the appending thread when there is more after {@link Subscription#next} found nothing; must not
     *     block
     */
    public Subscription subscribe(@Nullable Cursor from, Runnable wake) {
        synchronized (lock) {
            boolean foreign = from != null
                    && (from.incarnation() != incarnation || from.revision() > last || from.revision() < 0);
            long position = from == null ? last : from.revision();
            Subscription subscription = new Subscription(this, wake, foreign ? Subscription.UNKNOWN : position);
            subscriptions.add(subscription);
            return subscription;
        }
    }

    void unsubscribe(Subscription subscription) {
        synchronized (lock) {
            subscriptions.remove(subscription);
        }
    }

    /** What stands behind a position, or empty at the end. */
    Optional<Delivery> behind(long position) {
        synchronized (lock) {
            if (position == Subscription.UNKNOWN) {
                return Optional.of(new Delivery.Lost(0, new Cursor(incarnation, last)));
            }
            if (position == last) {
                return Optional.empty();
            }
            if (position < first || last - position > ring.length) {
                // Behind now, not behind the oldest: who was too slow once would be lost again at once.
                return Optional.of(new Delivery.Lost(last - position, new Cursor(incarnation, last)));
            }
            LoggedEvent event = ring[(int) ((position + 1) % ring.length)];
            if (event == null) {
                throw new IllegalStateException("no event behind " + position + " of " + last);
            }
            return Optional.of(new Delivery.Next(event, new Cursor(incarnation, position + 1)));
        }
    }
}
