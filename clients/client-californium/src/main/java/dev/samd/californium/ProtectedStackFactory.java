// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.network.ExtendedCoapStackFactory;
import org.eclipse.californium.core.network.Outbox;
import org.eclipse.californium.core.network.stack.CoapStack;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;

/** Makes the protected stacks of one program. */
final class ProtectedStackFactory implements ExtendedCoapStackFactory {
    private final SamdOptions options;
    private final Runnable atEnd;

    ProtectedStackFactory(SamdOptions options, Runnable atEnd) {
        this.options = options;
        this.atEnd = atEnd;
    }

    @Override
    public CoapStack createCoapStack(
            String protocol,
            String tag,
            Configuration config,
            EndpointContextMatcher matchingStrategy,
            Outbox outbox,
            Object customStackArgument) {
        return createCoapStack(protocol, tag, config, outbox, customStackArgument);
    }

    // Deprecated in the interface that it has to be implemented for; the stack needs no matcher of addresses.
    @SuppressWarnings("deprecation")
    @Override
    public CoapStack createCoapStack(
            String protocol, String tag, Configuration config, Outbox outbox, Object customStackArgument) {
        if (CoAP.isTcpProtocol(protocol)) {
            throw new IllegalArgumentException("protected endpoints are for UDP, not for " + protocol);
        }
        return new ProtectedUdpStack(tag, config, outbox, options, atEnd);
    }
}
