// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;

/**
 * Two SAs to install in one step: both or none.
 *
 * @param inbound opens; its SPI may have been reserved before
 * @param inboundKeys stay the caller's to close
 * @param outbound seals
 * @param outboundKeys stay the caller's to close
 * @param supersedes the pair that this one replaces, or {@link PairId#NONE}
 * @param requestId makes the installation repeatable, 1..64 octets, or empty for a call that is not repeated
 */
public record NewPair(
        SaParameters inbound,
        TrafficKeys inboundKeys,
        SaParameters outbound,
        TrafficKeys outboundKeys,
        PairId supersedes,
        Octets requestId) {}
