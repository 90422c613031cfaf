// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.coap.CoapMessage;
import dev.samd.engine.PolicyGate;
import dev.samd.engine.PolicyRule;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaParameters;

/** Protects everything, and wants every request that arrives to be fresh. */
final class FreshGate implements PolicyGate {
    /** How old an Echo value may be; 0 for no freshness. */
    volatile long maxAgeNanos;

    FreshGate(long maxAgeNanos) {
        this.maxAgeNanos = maxAgeNanos;
    }

    @Override
    public PolicyRule outbound(Endpoint local, Endpoint target, CoapMessage request) {
        return PROTECT_ALL.outbound(local, target, request);
    }

    @Override
    public PolicyRule inbound(Endpoint local, Endpoint peer, CoapMessage request) {
        return new PolicyRule() {
            @Override
            public String name() {
                return "fresh";
            }

            @Override
            public Action action() {
                return Action.PROTECT;
            }

            @Override
            public boolean admits(SaParameters sa, Endpoint sender) {
                return true;
            }

            @Override
            public long maxAgeNanos() {
                return maxAgeNanos;
            }
        };
    }

    @Override
    public boolean looksAtInbound() {
        return true;
    }
}
