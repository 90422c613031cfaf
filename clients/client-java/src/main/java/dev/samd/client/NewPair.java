// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;
import java.util.Optional;

/**
 * Two SAs to install in one step: both or none.
 *
 * @param inbound opens; its SPI may have been reserved before
 * @param inboundKeys stay the caller's to close
 * @param outbound seals
 * @param outboundKeys stay the caller's to close
 * @param supersedes the pair that this one replaces, or {@link PairId#NONE}
 * @param requestId makes the installation repeatable, 1..64 octets, or empty for a call that is not repeated
 * @param role which side of the negotiation made it; required with unconfirmed
 * @param unconfirmed whether the peer has yet to prove that it holds the keys
 * @param kmpPrivate at most 1 024 octets that the daemon keeps and gives back to the same principal alone
 *     ({@link KmpControl#recall}); stays the caller's to close
 * @param tie the ACQUIRE that it answers, or {@link AcquireTie#NONE}
 */
public record NewPair(
        SaParameters inbound,
        TrafficKeys inboundKeys,
        SaParameters outbound,
        TrafficKeys outboundKeys,
        PairId supersedes,
        Octets requestId,
        Optional<PairRole> role,
        boolean unconfirmed,
        KeyMaterial kmpPrivate,
        AcquireTie tie) {
    /** A pair that nobody negotiated and nobody waits for. */
    public NewPair(
            SaParameters inbound,
            TrafficKeys inboundKeys,
            SaParameters outbound,
            TrafficKeys outboundKeys,
            PairId supersedes,
            Octets requestId) {
        this(
                inbound,
                inboundKeys,
                outbound,
                outboundKeys,
                supersedes,
                requestId,
                Optional.empty(),
                false,
                KeyMaterial.adopt(new byte[0]),
                AcquireTie.NONE);
    }
}
