// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;

/** The layers above and below the protection. */
interface Neighbours {
    /** Sends a request. */
    void down(Exchange exchange, Request request);

    /** Sends a response. */
    void down(Exchange exchange, Response response);

    /** Hands a request up. */
    void up(Exchange exchange, Request request);

    /** Hands a response up. */
    void up(Exchange exchange, Response response);
}
