// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.v1.SaSelector.Outbound;
import dev.samd.wire.FieldWire;

/** Names of SAs as they go to the daemon. */
final class SelectorWire {
    private SelectorWire() {}

    static dev.samd.v1.SaSelector toWire(SaSelector selector) {
        dev.samd.v1.SaSelector.Builder wire = dev.samd.v1.SaSelector.newBuilder();
        if (selector instanceof SaSelector.ById named) {
            wire.setSaId(named.id().value());
        } else if (selector instanceof SaSelector.Inbound inbound) {
            wire.setInboundSpi(FieldWire.octets(inbound.spi().octets()));
        } else if (selector instanceof SaSelector.Outbound outbound) {
            wire.setOutbound(Outbound.newBuilder()
                    .setPeer(outbound.peer().uri())
                    .setSpi(FieldWire.octets(outbound.spi().octets())));
        }
        return wire.build();
    }
}
