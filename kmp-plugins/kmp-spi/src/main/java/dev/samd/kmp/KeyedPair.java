// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;

/**
 * Two SAs with their keys, ready for the daemon. Owns the keys: whoever has it closes it.
 *
 * @param inbound under the SPI that was reserved
 * @param outbound under the SPI that the peer chose
 * @param supersedes the pair that this one replaces, or {@link PairId#NONE}
 * @param role which side this is
 * @param unconfirmed whether the peer has yet to prove that it holds the keys
 * @param kmpPrivate kept by the daemon for this KMP alone, given back by {@link Kmp#recalled}
 */
public record KeyedPair(
        SaParameters inbound,
        TrafficKeys inboundKeys,
        SaParameters outbound,
        TrafficKeys outboundKeys,
        PairId supersedes,
        PairRole role,
        boolean unconfirmed,
        KeyMaterial kmpPrivate)
        implements AutoCloseable {
    @Override
    public void close() {
        inboundKeys.close();
        outboundKeys.close();
        kmpPrivate.close();
    }
}
