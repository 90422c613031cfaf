// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.coap.CoapMessage;
import dev.samd.daemon.policy.Policies;
import dev.samd.engine.PolicyGate;
import dev.samd.engine.PolicyRule;
import dev.samd.sa.Endpoint;

/** The policies that the engine asks: those that stand at the moment. Thread-safe; changed by the loop alone. */
final class PolicySwitch implements PolicyGate {
    private volatile Policies present = Policies.NONE;

    void change(Policies policies) {
        present = policies;
    }

    @Override
    public PolicyRule outbound(Endpoint local, Endpoint target, CoapMessage request) {
        return present.outbound(local, target, request);
    }

    @Override
    public PolicyRule inbound(Endpoint local, Endpoint peer, CoapMessage request) {
        return present.inbound(local, peer, request);
    }

    @Override
    public boolean looksAtInbound() {
        return present.looksAtInbound();
    }
}
