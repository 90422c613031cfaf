// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Direction;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaId;

/**
 * Names one record of the past: what a response must be bound to, and the SA it must travel under.
 *
 * @param direction INBOUND for a request that was opened, OUTBOUND for one that was sealed
 * @param observe whether the request registered an observation
 * @param sa the SA of the record
 * @param partner an SA without a pair: the SA of the other direction that was its partner then; 0 if there was none
 * @param pair the pair of the SA, or {@link PairId#NONE}
 * @param epoch of the record
 * @param sequence number of the record
 * @param spi SPI of the SA
 */
record RecordReference(
        Direction direction,
        boolean observe,
        SaId sa,
        long partner,
        PairId pair,
        int epoch,
        long sequence,
        Octets spi) {}
