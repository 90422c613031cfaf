// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.events;

import dev.samd.daemon.sadb.Cursor;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A cursor that pulls. Its reader is one thread at a time; it is woken by another. */
public final class Subscription implements AutoCloseable {
    /** A position that no event stands behind. */
    static final long UNKNOWN = -1;

    private final EventLog log;
    private final Runnable wake;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private long position;

    Subscription(EventLog log, Runnable wake, long position) {
        this.log = log;
        this.wake = wake;
        this.position = position;
    }

    /** What comes next; empty at the end, and then the reader is woken once when there is more. */
    public Optional<Delivery> next() {
        Optional<Delivery> delivery = log.behind(position);
        if (delivery.isEmpty()) {
            waiting.set(true);
            // An event may have come between the look and the wish to be woken.
            delivery = log.behind(position);
            if (delivery.isPresent()) {
                waiting.set(false);
            }
        }
        delivery.ifPresent(found -> position = found.cursor().revision());
        return delivery;
    }

    /** Where it stands: nothing at or before this revision comes. */
    public Cursor cursorOf(EventLog events) {
        return new Cursor(events.cursor().incarnation(), position);
    }

    void wake() {
        if (waiting.compareAndSet(true, false)) {
            wake.run();
        }
    }

    @Override
    public void close() {
        log.unsubscribe(this);
    }
}
