// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.PairId;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Two SAs of one negotiation, and its place in the chain of pairs that replaced one another.
 *
 * <p>A pair without SAs stays while a successor lives: an observation that began under it goes on under the successor.
 * Changed by the SADB side alone, read by any thread.
 */
final class Pair {
    /** ACK_TIMEOUT (RFC 7252 s4.8): by then a lost request is sent again. */
    private static final long PROBE_NANOS = 2_000_000_000L;

    final PairId id;
    /** Position in the chain, 0 for a pair that replaced none. */
    final int position;

    final @Nullable Pair supersedes;
    volatile @Nullable Pair successor;
    volatile @Nullable InboundSa inbound;
    volatile @Nullable OutboundSa outbound;
    private final Confirmation wanted;
    private final AtomicBoolean waiting;
    private final AtomicLong nextProbe = new AtomicLong(Long.MIN_VALUE);

    Pair(PairId id, @Nullable Pair supersedes, Confirmation confirmation) {
        this.id = id;
        this.supersedes = supersedes;
        this.wanted = confirmation;
        this.waiting = new AtomicBoolean(confirmation != Confirmation.CONFIRMED);
        this.position = supersedes == null ? 0 : supersedes.position + 1;
    }

    Confirmation confirmation() {
        return waiting.get() ? wanted : Confirmation.CONFIRMED;
    }

    boolean isConfirmed() {
        return !waiting.get();
    }

    /** Notes the proof. True for the one call that made the difference. */
    boolean confirm() {
        return waiting.getAndSet(false);
    }

    /** Whether a request may try the pair before it is confirmed: one, and the next when that one had its time. */
    boolean mayProbe(long nowNanos) {
        long due = nextProbe.get();
        return (due == Long.MIN_VALUE || nowNanos - due >= 0) && nextProbe.compareAndSet(due, nowNanos + PROBE_NANOS);
    }

    /** Whether this pair replaced {@code other}, directly or through a chain. */
    boolean supersedes(Pair other) {
        for (Pair earlier = supersedes; earlier != null; earlier = earlier.supersedes) {
            if (earlier == other) {
                return true;
            }
        }
        return false;
    }

    boolean isAbandoned() {
        return inbound == null && outbound == null && successor == null;
    }
}
