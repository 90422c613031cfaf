// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import dev.samd.sa.Octets;
import dev.samd.sa.PairId;

/** What happened to a pair. */
public sealed interface PairEvent {
    PairId pair();

    /** The first good record came: the peer holds the keys. */
    record Confirmed(PairId pair) implements PairEvent {}

    /**
     * The pair, or one of its SAs, ended.
     *
     * @param closeNotify a record that tells the peer so; empty if there is none
     */
    record Ended(PairId pair, Octets closeNotify) implements PairEvent {}
}
