// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.ExpireCause;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.time.Instant;
import java.util.Optional;

/** What a watch gives, one after the other. */
public sealed interface WatchItem {
    /** The watch stands: what follows is behind this cursor. */
    record Ready(Cursor cursor) implements WatchItem {}

    /**
     * Events were dropped. The watch goes on behind the cursor; list anew to know what was missed.
     *
     * @param count how many revisions, 0 if that cannot be known
     */
    record Lost(long count, Cursor cursor) implements WatchItem {}

    /**
     * One change.
     *
     * @param cursor where it stands in the history
     * @param time when it happened
     * @param kind what happened
     * @param entry the SA as it is after the change; empty where the change is not of one SA
     * @param principal who asked for it, or the empty string
     * @param expiry for EXPIRE: which limit was met
     * @param closeNotify for DELETE of the outbound SA of a live pair: one sealed close_notify record for the peer
     * @param count for FLUSH: how many SAs ended; for POLICY: how many policies stand
     * @param acquire for ACQUIRE, ACQUIRE_FAILED and ACQUIRE_DONE: the need
     * @param kmp for REGISTER and UNREGISTER: the KMP; else the empty string
     */
    record Event(
            Cursor cursor,
            Instant time,
            EventKind kind,
            Optional<SaEntry> entry,
            String principal,
            Optional<Expiry> expiry,
            Octets closeNotify,
            long count,
            Optional<AcquireView> acquire,
            String kmp)
            implements WatchItem {}

    /**
     * A call that somebody made, as a promiscuous watch sees it. Stands outside of the history.
     *
     * @param time when it was answered
     * @param principal who made it
     * @param call name of the call, {@code SadbService/Add}
     * @param subject what it is about, in a few words
     * @param refusal why it was refused; empty if it succeeded
     */
    record Operation(Instant time, String principal, String call, String subject, Optional<SaException> refusal)
            implements WatchItem {}

    /**
     * A limit that was met.
     *
     * @param hard whether it was a hard one; else a soft one
     * @param cause which; empty for one that this version does not know
     */
    record Expiry(boolean hard, Optional<ExpireCause> cause) {}
}
