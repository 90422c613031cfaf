// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Records;
import dev.samd.client.UnprotectRequest;
import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.MessageTarget;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Unprotects one CoAP message. */
@Command(
        name = "unprotect",
        description = "Unprotects one CoAP message: raw octets in, raw octets out, one JSON line on standard error.",
        mixinStandardHelpOptions = true)
final class UnprotectCommand extends RecordCommand {
    @Option(names = "--peer", paramLabel = "URI", description = "For records without connection ID: the peer.")
    private String peer = "";

    @Option(names = "--in-reply-to", paramLabel = "REF", description = "A response: the reference of its request.")
    private String reference = "";

    @Override
    String inputName() {
        return "one protected CoAP message";
    }

    @Override
    Result perform(Records records, Octets input) {
        return result(await(records.unprotect(UnprotectRequest.of(input)
                .withLocal(hasLocal() ? local() : arrivedAt(input))
                .withInReplyTo(Hex.argument(line(), "--in-reply-to", reference))
                .withPeer(new Endpoint(peer)))));
    }

    /** The endpoint that a request says it arrived at; the host for one that says nothing, and for every response. */
    private static Endpoint arrivedAt(Octets input) {
        try {
            CoapMessage message = CoapMessage.parse(input.toArray());
            if (!message.isRequest()) {
                return Endpoint.HOST_WIDE;
            }
            int port = message.option(CoapOption.URI_PORT)
                    .map(octets -> new BigInteger(1, octets.toArray()).intValue())
                    .orElse(0);
            return message.option(CoapOption.URI_HOST)
                    .map(host -> Endpoint.of(
                            MessageTarget.DEFAULT_SCHEME, new String(host.toArray(), StandardCharsets.UTF_8), port))
                    .orElse(Endpoint.HOST_WIDE);
        } catch (SaException e) {
            // The daemon reads the same octets, and says what is wrong with them.
            return Endpoint.HOST_WIDE;
        }
    }
}
