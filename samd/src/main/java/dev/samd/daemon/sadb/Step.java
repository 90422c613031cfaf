// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.util.List;

/**
 * What one request led to. The driver makes the changes durable, shows them to the engine, tells the events, hands the
 * notices over and gives the reply, in this order.
 *
 * @param reply the answer to the caller
 * @param changes what changed, in order
 * @param events what to tell everybody, in order of their revisions
 * @param notices what to tell somebody in particular, in order
 */
public record Step<R>(R reply, List<Change> changes, List<SadbEvent> events, List<Notice> notices) {
    public Step {
        changes = List.copyOf(changes);
        events = List.copyOf(events);
        notices = List.copyOf(notices);
    }

    /** A reply without any change. */
    public static <R> Step<R> unchanged(R reply) {
        return new Step<>(reply, List.of(), List.of(), List.of());
    }
}
