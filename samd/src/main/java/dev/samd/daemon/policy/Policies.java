// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

import dev.samd.coap.CoapMessage;
import dev.samd.engine.PolicyGate;
import dev.samd.engine.PolicyRule;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaParameters;
import java.util.Set;

/**
 * The policies at one moment. Immutable: a change makes another one.
 *
 * <p>Where no entry fits, a request is protected, and an SA speaks for its peer if its keys came by hand; what an SA opens is
 * accepted, and what comes in clear is not.
 */
public final class Policies implements PolicyGate {
    /** Without any entry. */
    public static final Policies NONE = new Policies();

    private static final PolicyRule DEFAULT_OUTBOUND = new PolicyRule() {
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
            return sa.identity().kmp().equals(PolicyEntry.MANUAL) && sa.peer().equals(peer);
        }
    };

    private Policies() {}

    /** Number of entries. */
    public int size() {
        return 0;
    }

    /**
     * The peers that an SA may be used for, as far as they can be listed: its own peer, and those that entries name without a
     * star, of which each has an entry that admits it.
     */
    public Set<Endpoint> scopeOf(SaParameters sa) {
        return DEFAULT_OUTBOUND.admits(sa, sa.peer()) ? Set.of(sa.peer()) : Set.of();
    }

    @Override
    public PolicyRule outbound(Endpoint local, Endpoint target, CoapMessage request) {
        return DEFAULT_OUTBOUND;
    }

    @Override
    public PolicyRule inbound(Endpoint local, Endpoint peer, CoapMessage request) {
        return PolicyGate.PROTECT_ALL.inbound(local, peer, request);
    }

    @Override
    public boolean looksAtInbound() {
        return false;
    }
}
