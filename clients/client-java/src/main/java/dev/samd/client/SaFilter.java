// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaState;
import dev.samd.wire.SaWire;
import java.util.Optional;

/**
 * Which SAs are meant: those that fit everything that is stated.
 *
 * @param peer name of the peer
 * @param direction as the daemon sees it
 * @param state of the SA
 * @param local local endpoint of the SA
 */
public record SaFilter(
        Optional<Endpoint> peer, Optional<Direction> direction, Optional<SaState> state, Optional<Endpoint> local) {
    /** Every SA. */
    public static final SaFilter ALL =
            new SaFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    dev.samd.v1.SaFilter toWire() {
        dev.samd.v1.SaFilter.Builder wire = dev.samd.v1.SaFilter.newBuilder();
        peer.ifPresent(endpoint -> wire.setPeer(endpoint.uri()));
        direction.ifPresent(value -> wire.setDirection(SaWire.DIRECTION.toWire(value)));
        state.ifPresent(value -> wire.setState(SaWire.STATE.toWire(value)));
        local.ifPresent(endpoint -> wire.setLocal(endpoint.uri()));
        return wire.build();
    }
}
