// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Rights;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.util.List;

/**
 * A message, or octets, that a peer protected.
 *
 * @param octets the original CoAP message, or the plaintext of a record
 * @param reference names the record: give it with every response. Opaque, valid for this principal only
 * @param observeOrder orders the notifications of an observation, across re-keys too
 * @param sender who protected it
 */
public record Opened(Octets octets, Octets reference, long observeOrder, Sender sender) implements UnprotectOutcome {
    /**
     * Who protected a message.
     *
     * @param sa the SA that opened it
     * @param spi its SPI
     * @param pair the pair of the SA, or {@link PairId#NONE}: what a CoAP stack should take for the peer's address
     * @param peer the peer
     * @param identity whom the SA authenticates
     * @param scope the peers that the SA may be used for
     * @param rights what the sender's credential allows, {@link Rights#NONE} without one
     */
    public record Sender(
            SaId sa, Spi spi, PairId pair, Endpoint peer, Identity identity, List<Endpoint> scope, Rights rights) {
        /** A sender without a credential. */
        public Sender(SaId sa, Spi spi, PairId pair, Endpoint peer, Identity identity, List<Endpoint> scope) {
            this(sa, spi, pair, peer, identity, scope, Rights.NONE);
        }

        public Sender {
            scope = List.copyOf(scope);
        }
    }

    /** Never shows the message. */
    @Override
    public String toString() {
        return "Opened[" + octets.length() + " octets, " + sender + "]";
    }
}
