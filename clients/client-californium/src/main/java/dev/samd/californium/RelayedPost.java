// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Octets;
import java.util.concurrent.CompletableFuture;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.Exchange;

/** A post that waits for the answer of kmpd. It is answered exactly once, and then gives up what it held. Thread-safe. */
final class RelayedPost extends MessageObserverAdapter {
    /** When to ask again where kmpd is away, or has too much to do. */
    private static final long RETRY_SECONDS = 5;

    private final Exchange exchange;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    RelayedPost(Exchange exchange) {
        this.exchange = exchange;
    }

    /** What the peer posted. */
    Request request() {
        return exchange.getRequest();
    }

    /** The record reference of a post that came protected; empty for one in clear. */
    Octets reference() {
        return exchange instanceof TwinExchange twin ? twin.reference() : Octets.EMPTY;
    }

    boolean hasEnded() {
        return end.isDone();
    }

    /** Runs this once it has been answered: at once, if it has. */
    void atEnd(Runnable action) {
        CompletableFuture<Void> unused = end.thenRun(action);
    }

    /** kmpd answers separately, or slowly: the peer need not repeat itself meanwhile. */
    private void accept() {
        if (!hasEnded()) {
            exchange.sendAccept();
        }
    }

    @Override
    public void onAcknowledgement() {
        accept();
    }

    @Override
    public void onRetransmission() {
        accept();
    }

    @Override
    public void onResponse(Response answer) {
        OptionSet options = answer.getOptions();
        Response response = new Response(answer.getCode());
        response.setPayload(answer.getPayload());
        if (options.hasContentFormat()) {
            response.getOptions().setContentFormat(options.getContentFormat());
        }
        options.getLocationPath().forEach(response.getOptions()::addLocationPath);
        if (options.hasMaxAge()) {
            response.getOptions().setMaxAge(options.getMaxAge());
        }
        response.getOptions().addOptions(options.getOthers(StandardOptionRegistry.ECHO));
        end(response);
    }

    @Override
    protected void failed() {
        unavailable();
    }

    /** Ends it with 5.03: kmpd cannot be reached, or there is no place. */
    void unavailable() {
        Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE, true);
        response.getOptions().setMaxAge(RETRY_SECONDS);
        end(response);
    }

    /** Ends it with an answer of this process. */
    void end(Response response) {
        if (end.complete(null)) {
            exchange.sendResponse(response);
        }
    }
}
