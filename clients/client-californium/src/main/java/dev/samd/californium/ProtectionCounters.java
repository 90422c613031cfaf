// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.DiscardReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the layer counts, since it does not log what a stranger can cause. Thread-safe. */
public final class ProtectionCounters {
    /** What is counted, apart from the reasons of the daemon. */
    public enum Event {
        /** A message was protected and handed to the hop. */
        PROTECTED,
        /** A message was unprotected and handed to the program. */
        UNPROTECTED,
        /** A message was not sent, because it could not be protected. */
        NOT_PROTECTED,
        /** A message was dropped, because the daemon did not answer, or because too many wait for it. */
        DAEMON_ABSENT,
        /** A message passed in clear, because the policy lets it. */
        BYPASSED,
        /** A request of a peer was not handed to the program, but answered with an Echo value: it was not fresh. */
        CHALLENGED,
        /** A request of the program was made again, with the Echo value that the server asked for. */
        REPEATED,
        /** An unprotected request was refused with 4.01. */
        CLEAR_REQUEST_REFUSED,
        /** An unprotected 2.xx to a protected request was dropped. */
        CLEAR_RESPONSE_DROPPED,
        /** An unprotected error was handed to the program, marked as unauthenticated. */
        UNAUTHENTICATED_ERROR,
        /** The daemon opened a message that is no CoAP this program can read. */
        UNREADABLE,
        /** A protected message in blocks of the hop was refused. */
        HOP_BLOCKS_REFUSED,
        /** An answer to a request, or to a block, that nobody waits for any more. */
        STALE
    }

    private final Map<Event, LongAdder> events = new EnumMap<>(Event.class);
    private final Map<DiscardReason, LongAdder> discarded = new EnumMap<>(DiscardReason.class);

    /** All at zero. */
    public ProtectionCounters() {
        for (Event event : Event.values()) {
            events.put(event, new LongAdder());
        }
        for (DiscardReason reason : DiscardReason.values()) {
            discarded.put(reason, new LongAdder());
        }
    }

    /** How often it happened. */
    public long count(Event event) {
        return adder(events, event).sum();
    }

    /** How many messages the daemon discarded for this reason. */
    public long discarded(DiscardReason reason) {
        return adder(discarded, reason).sum();
    }

    void add(Event event) {
        adder(events, event).increment();
    }

    void add(DiscardReason reason) {
        adder(discarded, reason).increment();
    }

    private static <K> LongAdder adder(Map<K, LongAdder> adders, K key) {
        LongAdder adder = adders.get(key);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + key);
        }
        return adder;
    }
}
