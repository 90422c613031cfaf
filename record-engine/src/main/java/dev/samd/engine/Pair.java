// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.PairId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Two SAs of one negotiation, and its place in the chain of pairs that replaced one another.
 *
 * <p>A pair without SAs stays while a successor lives: an observation that began under it goes on under the successor. A
 * pair has several successors where both ends made one at once, until one of those gives way to the other. Changed by the
 * SADB side alone, read by any thread.
 */
final class Pair {
    /** ACK_TIMEOUT (RFC 7252 s4.8): by then a lost request is sent again. */
    private static final long PROBE_NANOS = 2_000_000_000L;

    final PairId id;
    /** Position in the chain, 0 for a pair that replaced none; above those of all that it replaced. Never becomes less. */
    volatile int position;

    /** The pairs that it replaced. Never changed in place. */
    private volatile List<Pair> replaced = List.of();
    /** The pairs that replaced it. Never changed in place. */
    private volatile List<Pair> successors = List.of();

    volatile @Nullable InboundSa inbound;
    volatile @Nullable OutboundSa outbound;
    private final Confirmation wanted;
    private final AtomicBoolean waiting;
    private final AtomicLong nextProbe = new AtomicLong(Long.MIN_VALUE);

    Pair(PairId id, Confirmation confirmation) {
        this.id = id;
        this.wanted = confirmation;
        this.waiting = new AtomicBoolean(confirmation != Confirmation.CONFIRMED);
    }

    /** Takes the place of another one as well. */
    void replace(Pair other) {
        position = Math.max(position, other.position + 1);
        replaced = with(replaced, other);
        other.successors = with(other.successors, this);
    }

    /** Lets go of the pairs that it replaced, and gives them. */
    List<Pair> forgetReplaced() {
        List<Pair> forgotten = replaced;
        replaced = List.of();
        for (Pair other : forgotten) {
            other.successors = without(other.successors, this);
        }
        return forgotten;
    }

    private static List<Pair> with(List<Pair> pairs, Pair one) {
        List<Pair> more = new ArrayList<>(pairs);
        more.add(one);
        return List.copyOf(more);
    }

    private static List<Pair> without(List<Pair> pairs, Pair one) {
        return pairs.stream().filter(pair -> pair != one).toList();
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
        List<Pair> level = replaced;
        while (!level.isEmpty()) {
            if (level.contains(other)) {
                return true;
            }
            level = level.size() == 1 ? level.get(0).replaced : earlier(level);
        }
        return false;
    }

    /** The pairs that are {@link RecordEngine#CHAIN} steps before this one, and no fewer. */
    List<Pair> endOfChain() {
        List<Pair> level = List.of(this);
        for (int i = 0; i < RecordEngine.CHAIN && !level.isEmpty(); i++) {
            level = earlier(level);
        }
        return level;
    }

    private static List<Pair> earlier(List<Pair> level) {
        return level.stream().flatMap(pair -> pair.replaced.stream()).distinct().toList();
    }

    /** The outbound SA of the last pair in the chain behind this one that may answer for it, or null. */
    @Nullable
    OutboundSa newestThatAnswers() {
        OutboundSa newest = null;
        int position = -1;
        List<Pair> level = successors;
        while (!level.isEmpty()) {
            for (Pair pair : level) {
                OutboundSa sa = pair.outbound;
                if (sa != null && sa.seals() && pair.isConfirmed() && pair.position >= position) {
                    newest = sa;
                    position = pair.position;
                }
            }
            level = level.stream()
                    .flatMap(pair -> pair.successors.stream())
                    .distinct()
                    .toList();
        }
        return newest;
    }

    boolean isAbandoned() {
        return inbound == null && outbound == null && successors.isEmpty();
    }
}
