// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.events.LoggedEvent;
import dev.samd.daemon.sadb.Cursor;
import dev.samd.daemon.sadb.SadbEvent;
import dev.samd.v1.Event;
import dev.samd.v1.EventKind;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import java.time.Instant;
import java.util.function.LongFunction;

/** Events as messages. */
final class EventWire {
    private EventWire() {}

    static EventKind kind(SadbEvent event) {
        if (event instanceof SadbEvent.Reserved) {
            return EventKind.EVENT_KIND_GETSPI;
        }
        if (event instanceof SadbEvent.Added) {
            return EventKind.EVENT_KIND_ADD;
        }
        if (event instanceof SadbEvent.Updated) {
            return EventKind.EVENT_KIND_UPDATE;
        }
        if (event instanceof SadbEvent.Deleted) {
            return EventKind.EVENT_KIND_DELETE;
        }
        if (event instanceof SadbEvent.Expired) {
            return EventKind.EVENT_KIND_EXPIRE;
        }
        if (event instanceof SadbEvent.PoliciesChanged) {
            return EventKind.EVENT_KIND_POLICY;
        }
        if (event instanceof SadbEvent.Confirmed) {
            return EventKind.EVENT_KIND_CONFIRMED;
        }
        if (event instanceof SadbEvent.Registered) {
            return EventKind.EVENT_KIND_REGISTER;
        }
        if (event instanceof SadbEvent.Unregistered) {
            return EventKind.EVENT_KIND_UNREGISTER;
        }
        if (event instanceof SadbEvent.Acquiring acquiring) {
            return switch (acquiring.acquire().state()) {
                case OFFERED, CLAIMED -> EventKind.EVENT_KIND_ACQUIRE;
                case DONE -> EventKind.EVENT_KIND_ACQUIRE_DONE;
                case NEXT, FAILED, TIMED_OUT, WITHDRAWN -> EventKind.EVENT_KIND_ACQUIRE_FAILED;
            };
        }
        return event instanceof SadbEvent.Alarmed ? EventKind.EVENT_KIND_ALARM : EventKind.EVENT_KIND_FLUSH;
    }

    static Event toWire(LoggedEvent logged, Cursor cursor, LongFunction<Instant> wallTime) {
        SadbEvent event = logged.event();
        Event.Builder wire = Event.newBuilder()
                .setCursor(EntryWire.toWire(cursor))
                .setTime(FieldWire.timestamp(event.time()))
                .setKind(kind(event))
                .setPrincipal(event.principal())
                .setCloseNotify(FieldWire.octets(logged.closeNotify()));
        event.about().ifPresent(entry -> wire.setEntry(EntryWire.toWire(entry, logged.usage(), wallTime)));
        if (event instanceof SadbEvent.Expired expired) {
            wire.setHard(expired.hard()).setSoft(!expired.hard()).setCause(SaWire.EXPIRE_CAUSE.toWire(expired.cause()));
        } else if (event instanceof SadbEvent.Flushed flushed) {
            wire.setCount(flushed.count());
        } else if (event instanceof SadbEvent.PoliciesChanged changed) {
            wire.setCount(changed.count());
        } else if (event instanceof SadbEvent.Acquiring acquiring) {
            wire.setAcquire(AcquireWire.toWire(acquiring.acquire()));
        } else if (event instanceof SadbEvent.Registered registered) {
            wire.setKmp(registered.kmp());
        } else if (event instanceof SadbEvent.Unregistered unregistered) {
            wire.setKmp(unregistered.kmp());
        }
        return wire.build();
    }
}
