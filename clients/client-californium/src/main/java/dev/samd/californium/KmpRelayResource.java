// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.jspecify.annotations.Nullable;

/**
 * A resource of a KMP on the port of a CoAP server, {@code /authz-info}. It takes POST alone; kmpd answers. A post in clear is
 * answered in clear, a protected one is answered protected. Paths one segment below it can be its own as well: the sessions of a
 * KMP.
 */
public final class KmpRelayResource extends CoapResource {
    private final String path;
    private final KmpRelay relay;
    private volatile boolean sessions;

    /**
     * The resource at a path; the caller puts it there, or lets {@link KmpRelay#addTo} do so.
     *
     * @param path where it is, as kmpd has it: {@code /authz-info}
     */
    public KmpRelayResource(String path, KmpRelay relay) {
        this(path, path.substring(path.lastIndexOf('/') + 1), relay);
    }

    /** @param name the last segment of the path, which may have any character in it */
    private KmpRelayResource(String path, String name, KmpRelay relay) {
        super(name);
        this.path = path;
        this.relay = relay;
    }

    /** From now on what is one segment below is this resource's. */
    void takeSessions() {
        sessions = true;
    }

    @Override
    public @Nullable Resource getChild(String name) {
        Resource child = super.getChild(name);
        return child != null || !sessions || name.indexOf('/') >= 0
                ? child
                : new KmpRelayResource(path + "/" + name, name, relay);
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
        relay.take(path, exchange.advanced());
    }
}
