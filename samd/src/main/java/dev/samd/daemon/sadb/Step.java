// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.util.List;

/**
 * What one request led to. The driver makes the changes durable, shows them to the engine, gives the reply and tells the
 * events, in this order.
 *
 * @param reply the answer to the caller
 * @param changes what changed, in order
 * @param events what to tell, in order of their revisions
 */
public record Step<R>(R reply, List<Change> changes, List<SadbEvent> events) {
    public Step {
        changes = List.copyOf(changes);
        events = List.copyOf(events);
    }

    /** A reply without any change. */
    public static <R> Step<R> unchanged(R reply) {
        return new Step<>(reply, List.of(), List.of());
    }
}
