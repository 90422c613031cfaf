// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Denials of the same kind within a second: the first is a line, the others are one more with their number. So nobody fills
 * a disk by being refused, and strangers who fail to authenticate leave half of the room to callers. Confined to its owner.
 */
final class Repeats {
    private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MAX_KINDS = 256;

    private final Map<Kind, Count> kinds = new HashMap<>();
    private int strangers;
    private long end;

    /** Whether it is to be told now; if it is not, it is counted. */
    Verdict tell(AuditEvent event, long nowNanos) {
        if (kinds.isEmpty()) {
            end = nowNanos + WINDOW_NANOS;
        }
        Kind kind = new Kind(
                event.kind(),
                event.actor().principal(),
                String.valueOf(event.details().get("call")),
                String.valueOf(
                        event.details().getOrDefault("network", event.details().get("from"))));
        Count count = kinds.get(kind);
        if (count != null) {
            count.last = event;
            count.times++;
            return Verdict.COUNTED;
        }
        boolean stranger = event.kind() == AuditKind.AUTHENTICATION_FAILED;
        if (kinds.size() == MAX_KINDS || (stranger && strangers == MAX_KINDS / 2)) {
            return Verdict.TOO_MANY_KINDS;
        }
        if (stranger) {
            strangers++;
        }
        kinds.put(kind, new Count());
        return Verdict.NEW;
    }

    /** When the window ends; empty without one. */
    Optional<Long> deadline() {
        return kinds.isEmpty() ? Optional.empty() : Optional.of(end);
    }

    /** Ends the window: one event for each kind that came more than once, with how often it came again. */
    List<AuditEvent> end() {
        List<AuditEvent> repeated = new ArrayList<>();
        for (Count count : kinds.values()) {
            if (count.last != null) {
                repeated.add(count.last.with("again", count.times));
            }
        }
        kinds.clear();
        strangers = 0;
        return repeated;
    }

    /** What becomes of an event. */
    enum Verdict {
        NEW,
        COUNTED,
        TOO_MANY_KINDS
    }

    private record Kind(AuditKind kind, String principal, String call, String from) {}

    private static final class Count {
        private @Nullable AuditEvent last;
        private long times;
    }
}
