// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.ProtectOutcome;
import dev.samd.client.ProtectRequest;
import dev.samd.client.ProtectedMessage;
import dev.samd.client.Records;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Protects one CoAP message. */
@Command(
        name = "protect",
        description = "Protects one CoAP message: raw octets in, raw octets out, one JSON line on standard error.",
        mixinStandardHelpOptions = true)
final class ProtectCommand extends RecordCommand {
    @Option(names = "--target", paramLabel = "URI", description = "Target of a request that names none.")
    private String target = "";

    @Option(names = "--in-reply-to", paramLabel = "REF", description = "A response: the reference of its request.")
    private String reference = "";

    @Override
    String inputName() {
        return "one CoAP message";
    }

    @Override
    Result perform(Records records, Octets input) {
        ProtectOutcome outcome = await(records.protect(ProtectRequest.of(input)
                .withLocal(local())
                .withDefaultTarget(new Endpoint(target))
                .withInReplyTo(Hex.argument(line(), "--in-reply-to", reference))));
        Json line = outcome instanceof ProtectedMessage message ? RecordLine.of(message) : RecordLine.bypassed();
        return new Result(true, outcome.coap(), line);
    }
}
