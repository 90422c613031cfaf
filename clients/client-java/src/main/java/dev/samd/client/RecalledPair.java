// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;

/**
 * A pair that a KMP installed, as the daemon gives it back to the same principal.
 *
 * @param id the pair
 * @param inbound opens
 * @param outbound seals
 * @param kmpPrivate what the KMP gave along; the receiver's to close
 */
public record RecalledPair(PairId id, SaEntry inbound, SaEntry outbound, KeyMaterial kmpPrivate)
        implements AutoCloseable {
    @Override
    public void close() {
        kmpPrivate.close();
    }
}
