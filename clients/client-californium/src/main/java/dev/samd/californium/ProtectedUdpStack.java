// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.Outbox;
import org.eclipse.californium.core.network.stack.BaseCoapStack;
import org.eclipse.californium.core.network.stack.BlockwiseLayer;
import org.eclipse.californium.core.network.stack.CongestionControlLayer;
import org.eclipse.californium.core.network.stack.ExchangeCleanupLayer;
import org.eclipse.californium.core.network.stack.Layer;
import org.eclipse.californium.core.network.stack.ObserveLayer;
import org.eclipse.californium.elements.config.Configuration;

/**
 * The UDP stack with protection, from the program down: cleanup, observe, block-wise, protection, congestion control with
 * reliability.
 */
final class ProtectedUdpStack extends BaseCoapStack {
    private final ProtectionLayer protection;

    ProtectedUdpStack(String tag, Configuration config, Outbox outbox, SamdOptions options, Runnable atEnd) {
        super(outbox);
        protection = new ProtectionLayer(options, atEnd);
        setLayers(new Layer[] {
            new ExchangeCleanupLayer(config),
            new ObserveLayer(config),
            // No matcher of addresses: a peer is an SA pair, and what two messages of it share is no address.
            new BlockwiseLayer(tag, false, config, null),
            protection,
            CongestionControlLayer.newImplementation(tag, config)
        });
    }

    @Override
    public void sendRequest(Exchange exchange, Request request) {
        super.sendRequest(protection.open(exchange, request), request);
    }
}
