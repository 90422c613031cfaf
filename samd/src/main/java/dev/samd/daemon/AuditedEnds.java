// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.audit.AuditActor;
import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import dev.samd.audit.AuditSa;
import dev.samd.daemon.events.Delivery;
import dev.samd.daemon.events.EventLog;
import dev.samd.daemon.events.Subscription;
import dev.samd.daemon.observe.AuditLog;
import dev.samd.daemon.sadb.Cursor;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.SadbEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Brings the ends of SAs to the audit log that no call asked for: limits that were met, reservations and unconfirmed pairs
 * whose time is up, and pairs that gave way to what a call installed. What a call deletes has the line of that call.
 *
 * <p>Follows the events on the thread that makes them, which the log does not hold up: so it cannot fall behind. The monitor
 * guards the subscription.
 */
final class AuditedEnds {
    private final AuditLog audit;
    private final Subscription events;

    private AuditedEnds(EventLog events, Cursor from, AuditLog audit) {
        this.audit = audit;
        this.events = events.subscribe(from, this::drain);
    }

    /**
     * Follows the events as long as they come.
     *
     * @param from where the events begin
     */
    static void follow(EventLog events, Cursor from, AuditLog audit) {
        new AuditedEnds(events, from, audit).drain();
    }

    private synchronized void drain() {
        List<SadbEvent> step = new ArrayList<>();
        for (Optional<Delivery> next = events.next(); next.isPresent(); next = events.next()) {
            if (next.get() instanceof Delivery.Next delivered) {
                step.add(delivered.event().event());
            }
        }
        boolean installs = step.stream().anyMatch(AuditedEnds::installs);
        List<Ended> ended = new ArrayList<>();
        for (SadbEvent event : step) {
            if (event instanceof SadbEvent.Expired expired && expired.hard()) {
                ended.add(new Ended(AuditKind.EXPIRE, "", word(expired.cause()), expired.entry()));
            } else if (event instanceof SadbEvent.Deleted deleted
                    && (installs || event.principal().isEmpty())) {
                ended.add(new Ended(AuditKind.DELETE, event.principal(), "replaced", deleted.entry()));
            }
        }
        tell(ended);
    }

    /** An event whose step deletes nothing that it was not about. */
    private static boolean installs(SadbEvent event) {
        return event instanceof SadbEvent.Added
                || event instanceof SadbEvent.Updated
                || event instanceof SadbEvent.Confirmed;
    }

    private static String word(Enum<?> cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }

    /** Both SAs of a pair that end together are one line. */
    private void tell(List<Ended> ended) {
        for (int i = 0; i < ended.size(); i++) {
            Ended first = ended.get(i);
            List<AuditSa> sas = new ArrayList<>(List.of(first.sa()));
            if (i + 1 < ended.size() && first.isWith(ended.get(i + 1))) {
                i++;
                sas.add(ended.get(i).sa());
            }
            audit.record(first.event().about(sas).done());
        }
    }

    private record Ended(AuditKind kind, String principal, String cause, SadbEntry entry) {
        boolean isWith(Ended other) {
            return !entry.pairId().isNone()
                    && entry.pairId().equals(other.entry.pairId())
                    && kind == other.kind
                    && cause.equals(other.cause);
        }

        AuditSa sa() {
            return new AuditSa(
                    entry.id().value(),
                    entry.spi().toString(),
                    word(entry.direction()),
                    entry.peer().uri(),
                    entry.local().isHostWide() ? "" : entry.local().uri());
        }

        AuditEvent event() {
            AuditActor actor = principal.isEmpty() ? AuditActor.DAEMON : AuditActor.named(principal);
            AuditEvent event = AuditEvent.intended(kind, actor).with("cause", cause);
            AuditEvent ofPair = entry.pairId().isNone()
                    ? event
                    : event.with("pair", entry.pairId().value());
            return ofPair.with("owner", entry.owner());
        }
    }
}
