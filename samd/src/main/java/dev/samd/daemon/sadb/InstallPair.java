// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.PairId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;

/**
 * Installs both SAs of a pair in one step, or none. The SADB takes the keys over, also where it refuses.
 *
 * @param origin who asks
 * @param inbound the inbound SA: completes the LARVAL one of its SPI, if there is one
 * @param inboundKeys its keys
 * @param outbound the outbound SA
 * @param outboundKeys its keys
 * @param supersedes the pair that this one replaces, or {@link PairId#NONE}
 */
public record InstallPair(
        Origin origin,
        SaParameters inbound,
        TrafficKeys inboundKeys,
        SaParameters outbound,
        TrafficKeys outboundKeys,
        PairId supersedes) {}
