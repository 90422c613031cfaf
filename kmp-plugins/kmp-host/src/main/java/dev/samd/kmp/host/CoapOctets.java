// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.coap.OptionNumbers;
import dev.samd.sa.Octets;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OpaqueOptionDefinition;
import org.eclipse.californium.core.coap.option.OptionRegistry;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.serialization.DataSerializer;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.util.DatagramWriter;

/** Between the messages of Californium and the octets of the daemon. */
final class CoapOctets {
    /** The options of a protected message: the marker is critical, and a stock parser refuses it. */
    static final OptionRegistry REGISTRY = new MapBasedOptionRegistry(
            StandardOptionRegistry.getDefaultOptionRegistry(),
            new OpaqueOptionDefinition(OptionNumbers.DEFAULT.record(), "DTLS-Record", true, 0));

    /** Version 1, Non-confirmable, no Token: Type, Message ID and Token stay on this side of the daemon. */
    private static final int HEADER = 0x50;

    private static final UdpDataParser PARSER = new UdpDataParser(true, REGISTRY);

    private CoapOctets() {}

    /** The message as on UDP, with Message ID 0 and an empty Token. */
    static Octets of(Message message) {
        DatagramWriter writer = new DatagramWriter();
        writer.write(HEADER, Byte.SIZE);
        writer.write(message.getRawCode(), Byte.SIZE);
        writer.write(0, Short.SIZE);
        DataSerializer.serializeOptionsAndPayload(writer, message.getOptions(), message.getPayload());
        return Octets.of(writer.toByteArray());
    }

    /**
     * The request of these octets, ready to be sent.
     *
     * @throws IllegalStateException if it is none
     */
    static Request request(Octets octets) {
        if (!(PARSER.parseMessage(octets.toArray()) instanceof Request parsed)) {
            throw new IllegalStateException("the daemon made something else of a request");
        }
        // A parsed message keeps its octets and refuses another Token and Message ID.
        Request request = new Request(parsed.getCode());
        request.setOptions(parsed.getOptions());
        request.setPayload(parsed.getPayload());
        return request;
    }

    /**
     * The response of these octets.
     *
     * @throws IllegalStateException if it is none
     */
    static Response response(Octets octets) {
        if (!(PARSER.parseMessage(octets.toArray()) instanceof Response parsed)) {
            throw new IllegalStateException("the daemon made something else of a response");
        }
        return parsed;
    }
}
