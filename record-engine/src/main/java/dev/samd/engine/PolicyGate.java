// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.coap.CoapMessage;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaParameters;

/**
 * What has to be protected and who may speak for whom, asked for every request: the SPD and the PAD of RFC 4301 s4.4.
 *
 * <p>Called on the threads that protect and unprotect: it answers at once, from one consistent state.
 */
public interface PolicyGate {
    /** Protects everything, by any SA that has the target in its scope, and accepts what any SA opens. */
    PolicyGate PROTECT_ALL = new PolicyGate() {
        private final PolicyRule rule = new PolicyRule() {
            @Override
            public String name() {
                return "";
            }

            @Override
            public Action action() {
                return Action.PROTECT;
            }

            @Override
            public boolean admits(SaParameters sa, Endpoint peer) {
                return true;
            }
        };

        @Override
        public PolicyRule outbound(Endpoint local, Endpoint target, CoapMessage request) {
            return rule;
        }

        @Override
        public PolicyRule inbound(Endpoint local, Endpoint peer, CoapMessage request) {
            return rule;
        }

        @Override
        public boolean looksAtInbound() {
            return false;
        }
    };

    /** The rule for a request that leaves. */
    PolicyRule outbound(Endpoint local, Endpoint target, CoapMessage request);

    /**
     * The rule for a request that arrived.
     *
     * @param peer the name of the SA that opened it; {@link Endpoint#HOST_WIDE} for a message in clear, which names nobody
     */
    PolicyRule inbound(Endpoint local, Endpoint peer, CoapMessage request);

    /** Whether {@link #inbound} may say anything but yes to a protected request. */
    boolean looksAtInbound();
}
