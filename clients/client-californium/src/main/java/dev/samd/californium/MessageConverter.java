// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.OptionRegistry;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.serialization.DataSerializer;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.util.DatagramWriter;

/** Between the messages of Californium and the octets of the daemon. Thread-safe. */
final class MessageConverter {
    /** Version 1, Non-confirmable, no Token: Type, Message ID and Token stay on this side of the daemon. */
    private static final int HEADER = 0x50;

    private final UdpDataParser parser;

    MessageConverter(OptionRegistry registry) {
        this.parser = new UdpDataParser(true, registry);
    }

    /** The message as on UDP, with Message ID 0 and an empty Token. */
    static Octets octets(Message message) {
        return octets(message, message.getOptions());
    }

    /** As {@link #octets(Message)}, with an Echo value (RFC 9175 s2) beside the message's own options. */
    static Octets withEcho(Message message, Octets value) {
        return octets(
                message,
                new OptionSet(message.getOptions()).addOption(StandardOptionRegistry.ECHO.create(value.toArray())));
    }

    private static Octets octets(Message message, OptionSet options) {
        DatagramWriter writer = new DatagramWriter();
        writer.write(HEADER, Byte.SIZE);
        writer.write(message.getRawCode(), Byte.SIZE);
        writer.write(0, Short.SIZE);
        DataSerializer.serializeOptionsAndPayload(writer, options, message.getPayload());
        return Octets.of(writer.toByteArray());
    }

    /**
     * The message of these octets, without Type, Message ID and Token, ready to be sent or handed up.
     *
     * @throws org.eclipse.californium.core.coap.MessageFormatException for anything but CoAP that this registry knows
     */
    Message message(Octets octets) {
        Message parsed = parser.parseMessage(octets.toArray());
        // A parsed message keeps its octets and refuses another Token and Message ID.
        Message message;
        if (parsed instanceof Request request) {
            message = new Request(request.getCode());
        } else if (parsed instanceof Response response) {
            message = new Response(response.getCode());
        } else {
            throw new IllegalStateException("an empty message has nothing to protect");
        }
        message.setOptions(parsed.getOptions());
        if (parsed.getPayloadSize() > 0) {
            if (!message.isIntendedPayload()) {
                message.setUnintendedPayload();
            }
            message.setPayload(parsed.getPayload());
        }
        return message;
    }

    /** The protected form of a request, for the hop that the request was meant for. */
    Request outerRequest(Octets octets, Request inner) {
        if (!(message(octets) instanceof Request outer)) {
            throw new IllegalStateException("the daemon made a response of a request");
        }
        outer.setType(inner.getType());
        if (inner.hasMID()) {
            outer.setMID(inner.getMID());
        }
        if (inner.getToken() != null) {
            outer.setToken(inner.getToken());
        }
        outer.setScheme(inner.getScheme());
        outer.setDestinationContext(SamdEndpointContext.transportOf(inner.getDestinationContext()));
        outer.setReliabilityLayerParameters(inner.getReliabilityLayerParameters());
        outer.setUserContext(inner.getUserContext());
        return outer;
    }

    /** The protected form of a response, for the hop that the request came from. */
    Response outerResponse(Octets octets, Response inner, EndpointContext destination) {
        if (!(message(octets) instanceof Response outer)) {
            throw new IllegalStateException("the daemon made a request of a response");
        }
        outer.setType(inner.getType());
        if (inner.hasMID()) {
            outer.setMID(inner.getMID());
        }
        if (inner.getToken() != null) {
            outer.setToken(inner.getToken());
        }
        outer.setDestinationContext(destination);
        outer.setReliabilityLayerParameters(inner.getReliabilityLayerParameters());
        return outer;
    }

    /** Gives an original message what belongs to the hop that its protected form came over. */
    static void fromHop(Message inner, Message outer, EndpointContext source) {
        inner.setType(outer.getType());
        inner.setMID(outer.getMID());
        inner.setToken(outer.getToken());
        inner.setSourceContext(source);
        inner.setLocalAddress(outer.getLocalAddress());
        inner.setNanoTimestamp(outer.getNanoTimestamp());
        inner.addMessageSize(outer.getMessageSize());
    }

    /**
     * Where a request goes that names no target itself. A destination that is a proxy's is no target: a request through a
     * proxy names its target.
     */
    static Endpoint defaultTarget(Request request) {
        return namesTarget(request.getOptions()) ? Endpoint.HOST_WIDE : nextHop(request);
    }

    /**
     * The proxy that a request is for, {@code coap://192.0.2.1:5683}; empty for one that is for its destination. A Uri-Host
     * alone makes no proxy of a destination: it is one of the names that the origin goes by (RFC 7252 s5.7.2).
     */
    static String proxy(Request request) {
        OptionSet options = request.getOptions();
        return options.hasProxyUri() || options.hasProxyScheme()
                ? nextHop(request).uri()
                : "";
    }

    /** The destination of a request as an endpoint. */
    private static Endpoint nextHop(Request request) {
        InetSocketAddress address = request.getDestinationContext().getPeerAddress();
        String host = address.getAddress().getHostAddress();
        int zone = host.indexOf('%');
        return Endpoint.of(CoAP.COAP_URI_SCHEME, zone < 0 ? host : host.substring(0, zone), address.getPort());
    }

    /** Whom a request is for, as one piece of text. */
    static String target(Request request) {
        OptionSet options = request.getOptions();
        if (!namesTarget(options)) {
            return nextHop(request).uri();
        }
        String named = namedTarget(options);
        int path = options.hasProxyUri() ? named.indexOf('/', named.indexOf("://") + 3) : -1;
        return path < 0 ? named : named.substring(0, path);
    }

    /** The target that a request names by itself, as one piece of text; empty where it names none. */
    static String namedTarget(OptionSet options) {
        if (options.hasProxyUri()) {
            return options.getProxyUri();
        }
        if (!namesTarget(options)) {
            return "";
        }
        return options.getProxyScheme() + "://" + options.getUriHost() + ":" + options.getUriPort();
    }

    private static boolean namesTarget(OptionSet options) {
        return options.hasProxyUri() || options.hasProxyScheme() || options.hasUriHost();
    }
}
