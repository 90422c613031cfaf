// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.drive.NegotiationDriver;
import dev.samd.kmp.drive.Post;
import dev.samd.kmp.drive.Replier;
import dev.samd.kmp.drive.StrangerLimits;
import dev.samd.kmp.drive.StrangerLimits.EchoUse;
import dev.samd.kmp.drive.Strangers;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The CoAP port of kmpd: hands requests to the KMP whose resource they are for. A path is compared segment by segment, so that
 * no spelling of it reaches anything else.
 */
final class CoapFront implements MessageDeliverer, AutoCloseable {
    /** Datagrams, not requests: a body comes in several. */
    private static final StrangerLimits DATAGRAMS = new StrangerLimits(100, 200, 4096, 2000, 4000, EchoUse.NEVER, 0);

    private static final long RETRY_SECONDS = 5;

    private final CoapEndpoint endpoint;
    private final Map<List<String>, NegotiationDriver> resources = new LinkedHashMap<>();
    private final Map<List<String>, NegotiationDriver> parents = new LinkedHashMap<>();

    CoapFront(InetSocketAddress listen, CoapEngine engine, List<NegotiationDriver> drivers) {
        Configuration configuration = engine.configuration();
        Clock clock = Clock.systemUTC();
        endpoint = engine.adopt(new CoapEndpoint.Builder()
                .setConfiguration(configuration)
                .setConnector(new GatedConnector(
                        new UDPConnector(listen, configuration),
                        new Strangers(DATAGRAMS, new SecureRandom(), clock.instant()),
                        clock))
                .setOptionRegistry(KmpOptions.registry(drivers))
                .build());
        endpoint.setMessageDeliverer(this);
        drivers.forEach(driver -> driver.kmp().resources().forEach(path -> add(path, driver)));
    }

    private void add(String path, NegotiationDriver driver) {
        List<String> segments = segments(path);
        int last = segments.size() - 1;
        if (segments.get(last).equals("*")) {
            parents.put(segments.subList(0, last), driver);
        } else {
            resources.put(segments, driver);
        }
    }

    private @Nullable NegotiationDriver find(List<String> path) {
        NegotiationDriver driver = resources.get(path);
        return driver != null || path.isEmpty() ? driver : parents.get(path.subList(0, path.size() - 1));
    }

    /** @throws IOException if the address cannot be had */
    void start() throws IOException {
        endpoint.start();
    }

    /** The address that it listens on. */
    InetSocketAddress address() {
        return endpoint.getAddress();
    }

    @Override
    public void deliverRequest(Exchange exchange) {
        Request request = exchange.getRequest();
        Reply reply = new Reply(exchange, isLocal(request));
        NegotiationDriver driver = find(request.getOptions().getUriPath());
        if (driver == null) {
            reply.answer(new Answer(ResponseCode.NOT_FOUND.value, Incoming.NO_FORMAT, Octets.EMPTY));
            return;
        }
        try {
            driver.post(post(request, driver.kmp().options()), reply);
        } catch (SaException | MessageFormatException e) {
            // A relay that says what cannot be.
            reply.answer(Answer.of(Answer.BAD_REQUEST));
        }
    }

    private static Post post(Request request, Set<Integer> known) {
        OptionSet options = request.getOptions();
        // Who is not on this host may say anything, and nobody listens.
        Optional<RelayOptions.Relayed> relayed = isLocal(request) ? RelayOptions.read(options) : Optional.empty();
        Incoming incoming = new Incoming(
                "/" + String.join("/", options.getUriPath()),
                request.getRawCode(),
                options.hasContentFormat() ? options.getContentFormat() : Incoming.NO_FORMAT,
                Octets.of(request.getPayload()),
                relayed.map(RelayOptions.Relayed::source).orElseGet(() -> Addresses.text(source(request))),
                relayed.map(RelayOptions.Relayed::local).orElse(Endpoint.HOST_WIDE),
                KmpOptions.read(options, known),
                Optional.empty());
        return new Post(
                incoming,
                RelayOptions.octets(options, StandardOptionRegistry.ECHO),
                relayed.map(RelayOptions.Relayed::relay));
    }

    private static boolean isLocal(Request request) {
        return source(request).getAddress().isLoopbackAddress();
    }

    private static InetSocketAddress source(Request request) {
        return request.getSourceContext().getPeerAddress();
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.substring(1).split("/"));
    }

    /** Never called: nothing is sent from this port. */
    @Override
    public void deliverResponse(Exchange exchange, Response response) {
        exchange.getRequest().setResponse(response);
    }

    @Override
    public void close() {
        endpoint.destroy();
    }

    /** Answers on the exchange's own thread. */
    private record Reply(Exchange exchange, boolean local) implements Replier {
        @Override
        public void answer(Answer answer) {
            Response response = new Response(code(answer.code()));
            if (answer.contentFormat() != Incoming.NO_FORMAT) {
                response.getOptions().setContentFormat(answer.contentFormat());
            }
            if (!answer.location().isEmpty()) {
                response.getOptions().setLocationPath(answer.location());
            }
            if (!answer.payload().isEmpty()) {
                response.setPayload(answer.payload().toArray());
            }
            if (answer.code() == Answer.TOO_MANY || answer.code() == Answer.UNAVAILABLE) {
                response.getOptions().setMaxAge(RETRY_SECONDS);
            }
            send(response);
        }

        @Override
        public void challenge(Octets echo) {
            Response response = new Response(ResponseCode.UNAUTHORIZED);
            response.getOptions().addOtherOption(new Option(StandardOptionRegistry.ECHO, echo.toArray()));
            send(response);
        }

        /** A relay is told that there will be no answer, so that it waits for none; a stranger is told nothing. */
        @Override
        public void silence() {
            if (local) {
                exchange.execute(exchange::sendReject);
            }
        }

        private void send(Response response) {
            exchange.execute(() -> exchange.sendResponse(response));
        }

        private static ResponseCode code(int code) {
            try {
                return ResponseCode.valueOf(code);
            } catch (MessageFormatException | IllegalArgumentException e) {
                return ResponseCode.INTERNAL_SERVER_ERROR;
            }
        }
    }
}
