// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.util.Set;

/** What became of a protected message: the original, or the reason why there is none. */
public sealed interface UnprotectOutcome {
    /**
     * The original message of an authenticated peer.
     *
     * @param coap the message
     * @param reference names the record: given back with every answer
     * @param observeOrder orders the notifications of one observation, across re-keys too
     * @param sa the SA it came under
     * @param spi the name of that SA on the wire
     * @param pair the pair of the SA, {@link PairId#NONE} for an SA that was added alone
     * @param peer the peer
     * @param identity its authenticated identity
     * @param scope the peers that the SA may be used for
     */
    // Octets handed over once, never compared or kept in a collection.
    @SuppressWarnings("ArrayRecordComponent")
    record Opened(
            byte[] coap,
            byte[] reference,
            long observeOrder,
            SaId sa,
            Spi spi,
            PairId pair,
            Endpoint peer,
            Identity identity,
            Set<Endpoint> scope)
            implements UnprotectOutcome {
        public Opened {
            scope = Set.copyOf(scope);
        }
    }

    /**
     * No message.
     *
     * @param reason why, for local eyes only
     * @param tellNetwork whether the sender may be told, with an unprotected 4.01, that there is no usable SA
     */
    record Discarded(DiscardReason reason, boolean tellNetwork) implements UnprotectOutcome {}
}
