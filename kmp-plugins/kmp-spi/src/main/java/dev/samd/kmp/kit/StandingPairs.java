// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kit;

import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.PairEvent;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.PairId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pairs of a KMP that stand in the daemon, so that a responder knows which one a new pair of the same peer replaces.
 * Holds no secret. Confined to the driver's thread.
 */
public final class StandingPairs {
    private final Map<PairId, Standing> pairs = new LinkedHashMap<>();

    /** The daemon's word of what stands replaces all that was known. Closes what was given along. */
    public void recalled(List<InstalledPair> installed) {
        pairs.clear();
        for (InstalledPair pair : installed) {
            pairs.put(
                    pair.id(),
                    new Standing(
                            pair.inbound().identity(),
                            pair.inbound().peer(),
                            pair.inbound().local(),
                            !pair.unconfirmed()));
            pair.kmpPrivate().close();
        }
    }

    /** A pair was installed. */
    public void installed(PairId id, KeyedPair pair) {
        pairs.put(
                id,
                new Standing(
                        pair.inbound().identity(),
                        pair.inbound().peer(),
                        pair.inbound().local(),
                        !pair.unconfirmed()));
    }

    /** A pair is confirmed, or no more. */
    public void happened(PairEvent event) {
        if (event instanceof PairEvent.Confirmed) {
            pairs.computeIfPresent(event.pair(), (same, before) -> before.confirmedNow());
        } else {
            pairs.remove(event.pair());
        }
    }

    /** The newest confirmed pair of an identity between two names, or {@link PairId#NONE}. */
    public PairId newest(Identity identity, Endpoint peer, Endpoint local) {
        return pairs.entrySet().stream()
                .filter(pair -> pair.getValue().equals(new Standing(identity, peer, local, true)))
                .map(Map.Entry::getKey)
                .max(Comparator.comparingLong(PairId::value))
                .orElse(PairId.NONE);
    }

    private record Standing(Identity identity, Endpoint peer, Endpoint local, boolean confirmed) {
        Standing confirmedNow() {
            return new Standing(identity, peer, local, true);
        }
    }
}
