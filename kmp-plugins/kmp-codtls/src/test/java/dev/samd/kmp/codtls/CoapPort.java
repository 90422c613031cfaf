// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;

/** A CoAP endpoint on loopback: blocks of 256 octets both ways, so that flights come in several. */
final class CoapPort implements MessageDeliverer, AutoCloseable {
    private static final int BLOCK = 256;

    private final Consumer<Exchange> requests;
    private final CoapEndpoint endpoint;

    CoapPort(Consumer<Exchange> requests) throws IOException {
        this.requests = requests;
        this.endpoint = new CoapEndpoint.Builder()
                .setConfiguration(
                        new Configuration(CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, SystemConfig.DEFINITIONS)
                                .set(CoapConfig.PREFERRED_BLOCK_SIZE, BLOCK)
                                .set(CoapConfig.MAX_MESSAGE_SIZE, BLOCK))
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
        endpoint.setMessageDeliverer(this);
        endpoint.start();
    }

    InetSocketAddress address() {
        return endpoint.getAddress();
    }

    /** A confirmable POST, and its answer. */
    CompletableFuture<Answer> post(InetSocketAddress to, String path, int format, Octets payload) {
        Request request = new Request(Code.POST);
        request.setDestinationContext(new AddressEndpointContext(to));
        request.getOptions().setUriPath(path);
        request.getOptions().setContentFormat(format);
        request.setPayload(payload.toArray());
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        request.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
                answer.complete(new Answer(
                        response.getRawCode(),
                        response.getOptions().hasContentFormat()
                                ? response.getOptions().getContentFormat()
                                : Incoming.NO_FORMAT,
                        Octets.of(response.getPayload()),
                        response.getOptions().getLocationPathCount() == 0
                                ? ""
                                : "/" + response.getOptions().getLocationPathString()));
            }

            @Override
            protected void failed() {
                answer.completeExceptionally(new IOException("no answer from " + to));
            }
        });
        endpoint.sendRequest(request);
        return answer;
    }

    /** Answers a request, on the thread of its exchange. */
    static void answer(Exchange exchange, Answer answer) {
        Response response = new Response(ResponseCode.valueOf(answer.code()));
        if (answer.contentFormat() != Incoming.NO_FORMAT) {
            response.getOptions().setContentFormat(answer.contentFormat());
        }
        if (!answer.location().isEmpty()) {
            response.getOptions().setLocationPath(answer.location());
        }
        response.setPayload(answer.payload().toArray());
        exchange.execute(() -> exchange.sendResponse(response));
    }

    @Override
    public void deliverRequest(Exchange exchange) {
        requests.accept(exchange);
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
        exchange.getRequest().setResponse(response);
    }

    @Override
    public void close() {
        endpoint.destroy();
    }
}
