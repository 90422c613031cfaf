// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.server.resources.CoapExchange;

/**
 * A resource of a KMP on the port of a CoAP server, {@code /authz-info}. It takes POST alone; kmpd answers. A post in clear is
 * answered in clear, a protected one is answered protected.
 */
public final class KmpRelayResource extends CoapResource {
    private final String path;
    private final KmpRelay relay;

    /**
     * The resource at a path; the caller puts it there, or lets {@link KmpRelay#addTo} do so.
     *
     * @param path where it is, as kmpd has it: {@code /authz-info}
     */
    public KmpRelayResource(String path, KmpRelay relay) {
        super(path.substring(path.lastIndexOf('/') + 1));
        this.path = path;
        this.relay = relay;
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
        relay.take(path, exchange.advanced());
    }
}
