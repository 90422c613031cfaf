// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.OpenRequest;
import dev.samd.client.Records;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Opens one record. */
@Command(
        name = "open",
        description = "Opens one record of a raw SA: one record in, raw octets out.",
        mixinStandardHelpOptions = true)
final class OpenCommand extends RecordCommand {
    @Option(names = "--peer", paramLabel = "URI", description = "For records without connection ID: the peer.")
    private String peer = "";

    @Override
    String inputName() {
        return "one record";
    }

    @Override
    Result perform(Records records, Octets input) {
        return result(
                await(records.open(OpenRequest.of(input).withLocal(local()).withPeer(new Endpoint(peer)))));
    }
}
