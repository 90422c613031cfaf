// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OpaqueOptionDefinition;
import org.eclipse.californium.core.coap.option.OptionDefinition;
import org.eclipse.californium.core.network.serialization.UdpDataParser;

/** Datagrams at the port of kmpd: parsed by Californium with the options that kmpd knows, and read from there. */
public final class TransportTarget implements FuzzTarget {
    private static final Set<Integer> KNOWN = Set.of(65001, 65005);

    private final UdpDataParser parser = new UdpDataParser(
            true,
            new MapBasedOptionRegistry(
                    KmpOptions.registry(List.of()),
                    KNOWN.stream()
                            .map(number -> new OpaqueOptionDefinition(number, "KMP-" + number, true))
                            .toArray(OptionDefinition[]::new)));

    @Override
    public boolean run(byte[] input) {
        Message message;
        try {
            message = parser.parseMessage(input);
        } catch (MessageFormatException refused) {
            return false;
        }
        OptionSet options = message.getOptions();
        KmpOptions.read(options, KNOWN);
        Finding.unless(options.getUriPath().size() <= input.length, "more segments than octets");
        try {
            RelayOptions.read(options);
        } catch (SaException | MessageFormatException refused) {
            return false; // a relay that says what cannot be
        }
        daemons(message);
        return true;
    }

    /** The same message as the daemon would hand it on: what a peer wrote may stand in it. */
    private static void daemons(Message message) {
        Octets octets = CoapOctets.of(message);
        try {
            if (message instanceof Request) {
                CoapOctets.request(octets);
            } else if (message instanceof Response) {
                CoapOctets.response(octets);
            }
        } catch (MessageFormatException refused) {
            // An option that a KMP knows, and an answer must not have.
        }
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        Request post = Request.newPost();
        post.getOptions().setUriPath("/.well-known/less").setContentFormat(42);
        KmpOptions.write(post.getOptions(), new TreeMap<>(Map.of(65001, Octets.EMPTY, 65005, Octets.ofHex("01"))));
        post.setPayload(new byte[] {1, 2, 3});
        seeds.put("post", CoapOctets.of(post).toArray());
        Request relayed = Request.newPost();
        relayed.getOptions()
                .setUriPath("/authz-info")
                .addOption(new Option(RelayOptions.SOURCE, "192.0.2.1:5683"))
                .addOption(new Option(RelayOptions.LOCAL, "coap://device-1"))
                .addOption(new Option(RelayOptions.PRINCIPAL, "uid:1000"))
                .addOption(new Option(RelayOptions.REFERENCE, new byte[40]));
        seeds.put("relayed", CoapOctets.of(relayed).toArray());
        Response response = new Response(ResponseCode.CONTENT);
        response.setPayload("22.5C");
        seeds.put("response", CoapOctets.of(response).toArray());
        return seeds;
    }
}
