// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.SaError;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.stack.AbstractLayer;
import org.jspecify.annotations.Nullable;

/**
 * Protects what goes down and unprotects what comes up.
 *
 * <p>Every exchange above is a {@link TwinExchange}, or one in clear: a ping, a path that the program names, or a request
 * that the policy lets come in clear. Nothing else passes. Both directions park the exchange while the daemon works, and go on in its executor.
 */
final class ProtectionLayer extends AbstractLayer {
    private static final long SWEEP_MILLIS = 100;

    private final Runnable atEnd;
    private final Rooms rooms;
    private final ClientSide client;
    private final ServerSide server;
    private @Nullable ScheduledFuture<?> sweep;

    ProtectionLayer(SamdOptions options, Runnable atEnd) {
        this.atEnd = atEnd;
        rooms = Rooms.of(options);
        MessageConverter converter = new MessageConverter(OuterSigns.registry(options.registry()));
        Neighbours neighbours = new Neighbours() {
            @Override
            public void down(Exchange exchange, Request request) {
                ProtectionLayer.super.sendRequest(exchange, request);
            }

            @Override
            public void down(Exchange exchange, Response response) {
                ProtectionLayer.super.sendResponse(exchange, response);
            }

            @Override
            public void up(Exchange exchange, Request request) {
                ProtectionLayer.super.receiveRequest(exchange, request);
            }

            @Override
            public void up(Exchange exchange, Response response) {
                ProtectionLayer.super.receiveResponse(exchange, response);
            }
        };
        client = new ClientSide(options, converter, rooms, neighbours, () -> executor);
        server = new ServerSide(options, converter, rooms, neighbours);
    }

    /** The exchange that the stack above works with, for a request of the program. */
    Exchange open(Exchange exchange, Request request) {
        return client.open(exchange, request);
    }

    @Override
    public void start() {
        sweep = secondaryExecutor.scheduleWithFixedDelay(
                () -> rooms.sweep(System.nanoTime()), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void destroy() {
        ScheduledFuture<?> running = sweep;
        if (running != null) {
            running.cancel(false);
        }
        rooms.close();
        atEnd.run();
    }

    @Override
    public void sendRequest(Exchange exchange, Request request) {
        if (exchange instanceof TwinExchange twin) {
            client.send(twin, request);
        } else if (client.inClear(request)) {
            super.sendRequest(exchange, request);
        } else {
            request.setSendError(new SamdProtectionException(
                    SaError.NOT_PROTECTABLE, "not sent, " + request.getURI() + " has no protected exchange"));
        }
    }

    @Override
    public void sendResponse(Exchange exchange, Response response) {
        if (exchange instanceof TwinExchange twin) {
            server.send(twin, response);
        } else {
            response.setDestinationContext(SamdEndpointContext.transportOf(response.getDestinationContext()));
            super.sendResponse(exchange, response);
        }
    }

    @Override
    public void sendEmptyMessage(@Nullable Exchange exchange, EmptyMessage message) {
        message.setDestinationContext(SamdEndpointContext.transportOf(message.getDestinationContext()));
        if (!(exchange instanceof TwinExchange twin)) {
            super.sendEmptyMessage(exchange, message);
            return;
        }
        if (!twin.isOfLocalOrigin()) {
            // Reliability below decides by its own request whether the response can still be piggy-backed.
            Request outer = twin.lower().getCurrentRequest();
            if (message.getType() == CoAP.Type.ACK) {
                outer.setAcknowledged(true);
            } else {
                outer.setRejected(true);
            }
        }
        super.sendEmptyMessage(twin.lower(), message);
    }

    @Override
    public void receiveRequest(Exchange exchange, Request request) {
        server.receive(exchange, request);
    }

    @Override
    public void receiveResponse(Exchange exchange, Response response) {
        client.receive(exchange, response);
    }

    @Override
    public void receiveEmptyMessage(Exchange exchange, EmptyMessage message) {
        Message current = exchange.isOfLocalOrigin() ? exchange.getCurrentRequest() : exchange.getCurrentResponse();
        HopLink link = current == null ? null : current.getMessageObserver(HopLink.class);
        super.receiveEmptyMessage(link == null ? exchange : link.twin(), message);
    }
}
