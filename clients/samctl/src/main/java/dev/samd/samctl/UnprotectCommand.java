// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Records;
import dev.samd.client.UnprotectRequest;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
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
                .withLocal(hasLocal() ? local() : ArrivedAt.of(input))
                .withInReplyTo(Hex.argument(line(), "--in-reply-to", reference))
                .withPeer(new Endpoint(peer)))));
    }
}
