// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;

/**
 * Carries what the program does with its request, and what it is answered, over to the protected request below: there the
 * matcher watches, which keeps the observations.
 */
final class ProgramRequest extends MessageObserverAdapter {
    private final TwinExchange twin;

    ProgramRequest(TwinExchange twin) {
        super(true);
        this.twin = twin;
    }

    @Override
    public void onCancel() {
        cancel(twin.lower().getCurrentRequest());
        cancel(twin.lower().getRequest());
    }

    @Override
    public void onResponse(Response response) {
        Request outer = twin.lower().getRequest();
        if (outer != twin.getRequest()) {
            outer.setResponse(response);
        }
    }

    private void cancel(Request outer) {
        if (outer != twin.getRequest() && !outer.isCanceled()) {
            outer.cancel();
        }
    }
}
