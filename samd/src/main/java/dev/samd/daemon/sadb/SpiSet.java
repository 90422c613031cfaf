// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The inbound SPIs that are taken: LARVAL, alive, or in quarantine. None is a prefix of another, because a record does
 * not say how long its connection ID is.
 *
 * <p>In a prefix-free set in lexicographic order, whatever is a prefix of an SPI is its left neighbour, and whatever it
 * is a prefix of is its right one: two look-ups decide. Confined to its database's thread.
 */
final class SpiSet {
    /** How long a dead SPI stays taken: late records of the old SA would count as forgeries of the new one. */
    static final Duration QUARANTINE = Duration.ofSeconds(247);

    /** Of an SPI in quarantine: no SA has this id. */
    private static final SaId NOBODY = new SaId(Long.MAX_VALUE);

    private final TreeMap<Octets, SaId> taken = new TreeMap<>();
    private final ArrayDeque<Dead> quarantine = new ArrayDeque<>();

    /** The SPI that stands in the way of this one. */
    Optional<Spi> conflict(Spi spi) {
        Octets octets = spi.octets();
        Map.Entry<Octets, SaId> left = taken.floorEntry(octets);
        if (left != null && left.getKey().isPrefixOf(octets)) {
            return Optional.of(new Spi(left.getKey()));
        }
        Octets right = taken.higherKey(octets);
        if (right != null && octets.isPrefixOf(right)) {
            return Optional.of(new Spi(right));
        }
        return Optional.empty();
    }

    /** The SA of an SPI that is not in quarantine. */
    Optional<SaId> find(Spi spi) {
        return Optional.ofNullable(taken.get(spi.octets())).filter(sa -> !sa.equals(NOBODY));
    }

    void take(Spi spi, SaId sa) {
        taken.put(spi.octets(), sa);
    }

    /** Puts the SPI of an SA that has ended into quarantine. */
    void bury(Spi spi, @Nullable Pair pair, long now) {
        taken.put(spi.octets(), NOBODY);
        quarantine.addLast(new Dead(spi, pair, now + QUARANTINE.toNanos()));
    }

    /** Gives free what has been in quarantine long enough and is not named by a living chain of pairs. */
    void release(long now) {
        for (Dead dead = quarantine.peekFirst(); dead != null && dead.until - now <= 0; dead = quarantine.peekFirst()) {
            quarantine.removeFirst();
            if (dead.pair != null && dead.pair.isReferredTo()) {
                quarantine.addLast(new Dead(dead.spi, dead.pair, now + QUARANTINE.toNanos()));
            } else {
                taken.remove(dead.spi.octets());
            }
        }
    }

    /** When {@link #release} has something to do, or {@link Lifetimes#NEVER}. */
    long nextRelease() {
        Dead first = quarantine.peekFirst();
        return first == null ? Lifetimes.NEVER : first.until;
    }

    private record Dead(Spi spi, @Nullable Pair pair, long until) {}
}
