// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pairs of this KMP that stand in the daemon. Confined to the driver's thread; owns their secrets. */
final class LivePairs {
    private final Map<PairId, LivePair> pairs = new LinkedHashMap<>();

    /** The daemon's word of what stands replaces all that was known. */
    void recalled(List<InstalledPair> installed) {
        pairs.values().forEach(pair -> pair.secret().close());
        pairs.clear();
        for (InstalledPair pair : installed) {
            PairSecret.decode(pair.kmpPrivate())
                    .ifPresent(secret -> pairs.put(
                            pair.id(),
                            new LivePair(
                                    pair.id(),
                                    pair.inbound(),
                                    pair.outbound(),
                                    !pair.unconfirmed(),
                                    pair.supersedes(),
                                    secret)));
            pair.kmpPrivate().close();
        }
        // What a confirmed pair has replaced is not gone back to, whoever kept its secret.
        List.copyOf(pairs.values()).stream().filter(LivePair::confirmed).forEach(pair -> ended(pair.supersedes()));
    }

    /** A pair was installed. Takes the secret over. */
    void installed(PairId id, KeyedPair pair, PairSecret secret) {
        pairs.put(
                id, new LivePair(id, pair.inbound(), pair.outbound(), !pair.unconfirmed(), pair.supersedes(), secret));
    }

    /**
     * The peer holds the keys of a pair: the secrets of the one before it are erased, and nobody who takes this end later can
     * go back to it.
     */
    void confirmed(PairId id) {
        LivePair pair = pairs.computeIfPresent(id, (same, before) -> before.confirmedNow());
        if (pair != null) {
            ended(pair.supersedes());
        }
    }

    /** A pair is no more. */
    void ended(PairId id) {
        LivePair pair = pairs.remove(id);
        if (pair != null) {
            pair.secret().close();
        }
    }

    Optional<LivePair> find(PairId id) {
        return Optional.ofNullable(pairs.get(id));
    }

    /** Whether a pair stands that is to replace this one. */
    boolean isBeingReplaced(PairId id) {
        return pairs.values().stream().anyMatch(pair -> pair.supersedes().equals(id));
    }

    /** The pair that a new one of the same owner supersedes: the newest confirmed one between the same two names. */
    PairId newestConfirmed(KeyName name, Endpoint peer, Endpoint local) {
        return pairs.values().stream()
                .filter(pair -> pair.confirmed()
                        && pair.secret().name().equals(name)
                        && pair.inbound().peer().equals(peer)
                        && pair.inbound().local().equals(local))
                .map(LivePair::id)
                .max(Comparator.comparingLong(PairId::value))
                .orElse(PairId.NONE);
    }
}
