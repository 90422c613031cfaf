// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;
import org.jspecify.annotations.Nullable;

/**
 * Installs both SAs of a pair in one step, or none. The SADB takes the keys over, also where it refuses.
 *
 * @param origin who asks
 * @param inbound the inbound SA: completes the LARVAL one of its SPI, if there is one
 * @param inboundKeys its keys
 * @param outbound the outbound SA
 * @param outboundKeys its keys
 * @param supersedes the pair that this one replaces, or {@link PairId#NONE}
 * @param role which side of the negotiation the caller was; {@code null} if it does not say
 * @param unconfirmed whether the peer has yet to prove that it holds the keys; only with a role
 * @param kmpPrivate what the caller wants to be given again, at most 1 024 octets; taken over like the keys
 */
public record InstallPair(
        Origin origin,
        SaParameters inbound,
        TrafficKeys inboundKeys,
        SaParameters outbound,
        TrafficKeys outboundKeys,
        PairId supersedes,
        @Nullable PairRole role,
        boolean unconfirmed,
        KeyMaterial kmpPrivate) {
    private static final int MAX_PRIVATE = 1024;

    /** A confirmed pair, of which nothing but keys is kept. */
    public InstallPair(
            Origin origin,
            SaParameters inbound,
            TrafficKeys inboundKeys,
            SaParameters outbound,
            TrafficKeys outboundKeys,
            PairId supersedes) {
        this(
                origin,
                inbound,
                inboundKeys,
                outbound,
                outboundKeys,
                supersedes,
                null,
                false,
                KeyMaterial.adopt(new byte[0]));
    }

    /**
     * Refuses what cannot be.
     *
     * @throws SaException {@link SaError#MALFORMED}
     */
    void requireWellFormed() {
        if (unconfirmed && role == null) {
            throw new SaException(
                    SaError.MALFORMED,
                    "role",
                    "role is missing: an unconfirmed pair is an initiator's or a responder's");
        }
        if (kmpPrivate.length() > MAX_PRIVATE) {
            throw new SaException(
                    SaError.MALFORMED,
                    kmpPrivate.length() + " octets",
                    "kmp_private of " + kmpPrivate.length() + " octets; at most " + MAX_PRIVATE + " expected");
        }
    }
}
