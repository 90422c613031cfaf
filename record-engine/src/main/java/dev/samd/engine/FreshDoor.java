// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.coap.CoapCode;
import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.CoapType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import java.util.List;

/**
 * Whether a request was made lately (RFC 9175 s2.3). Whoever carries it can hold it back for as long as the window lets it; but
 * the Echo value that it brings inside was not there before this daemon gave it.
 */
final class FreshDoor {
    private final EchoCodec echoes;

    /**
     * @param key 16 or 32 octets; stays the caller's
     */
    FreshDoor(KeyMaterial key) {
        echoes = new EchoCodec(key);
    }

    /** Whether a request is as young as its rule wants it. */
    boolean lets(CoapMessage request, SaId sa, PolicyRule rule, long nowNanos) {
        return rule.maxAgeNanos() == 0
                || request.option(CoapOption.ECHO)
                        .filter(value -> echoes.isFresh(value.toArray(), sa, nowNanos, rule.maxAgeNanos()))
                        .isPresent();
    }

    /**
     * What tells the peer how to do better: 4.01 with an Echo value that is good from now on, on the way that piggybacked answers
     * take. Who sends it otherwise gives it another type and Message ID.
     */
    CoapMessage challenge(CoapMessage request, SaId sa, long nowNanos) {
        boolean confirmable = request.type() == CoapType.CON;
        return CoapMessage.of(
                confirmable ? CoapType.ACK : CoapType.NON,
                CoapCode.UNAUTHORIZED,
                confirmable ? request.messageId() : 0,
                request.token(),
                List.of(
                        CoapOption.ofUint(CoapOption.MAX_AGE, 0),
                        new CoapOption(CoapOption.ECHO, Octets.of(echoes.challenge(sa, nowNanos)))),
                Octets.EMPTY);
    }
}
