// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import java.util.List;
import java.util.Optional;

/**
 * What has to be kept of one pair beside its SAs and its secret.
 *
 * @param name the name that SAs are added under; empty for a pair of a negotiation
 * @param supersedes the pair that it was made to supersede, or {@link PairId#NONE}
 * @param predecessors the pairs that it refers to: the one that it superseded and those that gave way to it
 * @param lineage the oldest pair that it comes from, which may be itself
 * @param generation how many pairs were superseded, one after the other, until it came
 * @param rankRole which side began it, as far as that decides between it and others; empty if it superseded none
 * @param smaller the smaller one of its SPIs; empty as above
 * @param greater the greater one
 * @param role which side made it
 * @param unconfirmed whether it waits for its first good record
 * @param overlapEnd when it ends since another took its place, monotonic, or {@link Lifetimes#NEVER}
 */
public record PairImage(
        PairId id,
        String name,
        PairId supersedes,
        List<PairId> predecessors,
        PairId lineage,
        int generation,
        Optional<PairRole> rankRole,
        Octets smaller,
        Octets greater,
        Optional<PairRole> role,
        boolean unconfirmed,
        long overlapEnd) {
    public PairImage {
        predecessors = List.copyOf(predecessors);
    }
}
