// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Records;
import dev.samd.client.SaSelector;
import dev.samd.client.SealRequest;
import dev.samd.client.SealedRecord;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Seals octets as one record. */
@Command(
        name = "seal",
        description = "Seals octets as one record of a raw SA: raw octets in, one record out.",
        mixinStandardHelpOptions = true)
final class SealCommand extends RecordCommand {
    @Option(names = "--sa", paramLabel = "ID", description = "The daemon's number of the SA.")
    private String id = "";

    @Option(names = "--out", paramLabel = "SPI", description = "SPI of the SA, hexadecimal; needs --peer.")
    private String outbound = "";

    @Option(names = "--peer", paramLabel = "URI", description = "Peer of the SA.")
    private String peer = "";

    @Option(names = "--padding", paramLabel = "N", description = "Octets of zero padding inside the record.")
    private int padding;

    @Override
    String inputName() {
        return "the octets to seal";
    }

    @Override
    Result perform(Records records, Octets input) {
        SealedRecord sealed = await(records.seal(
                SealRequest.of(selector(), input).withPadding(padding).withLocal(local())));
        return new Result(true, sealed.record(), RecordLine.of(sealed));
    }

    private SaSelector selector() {
        if (id.isEmpty() == outbound.isEmpty() || outbound.isEmpty() != peer.isEmpty()) {
            throw new ParameterException(line(), "name one SA: --sa ID, or --out SPI --peer URI");
        }
        return id.isEmpty()
                ? new SaSelector.Outbound(Endpoint.parse(peer), SelectorOptions.spi(line(), "--out", outbound))
                : SelectorOptions.byId(line(), "--sa", id);
    }
}
