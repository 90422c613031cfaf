// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaSelector;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Names one SA: {@code ID}, {@code --in SPI}, or {@code --out SPI --peer URI}. */
final class SelectorOptions {
    @Parameters(index = "0", arity = "0..1", paramLabel = "ID", description = "The daemon's number of the SA.")
    private String id = "";

    @Option(names = "--in", paramLabel = "SPI", description = "SPI of an inbound SA, hexadecimal.")
    private String inbound = "";

    @Option(names = "--out", paramLabel = "SPI", description = "SPI of an outbound SA, hexadecimal; needs --peer.")
    private String outbound = "";

    @Option(names = "--peer", paramLabel = "URI", description = "Peer of the outbound SA.")
    private String peer = "";

    SaSelector selector(CommandLine line) {
        int named = (id.isEmpty() ? 0 : 1) + (inbound.isEmpty() ? 0 : 1) + (outbound.isEmpty() ? 0 : 1);
        if (named != 1) {
            throw new ParameterException(line, "name one SA: ID, --in SPI, or --out SPI --peer URI");
        }
        if (outbound.isEmpty() != peer.isEmpty()) {
            throw new ParameterException(
                    line,
                    outbound.isEmpty()
                            ? "--peer goes with --out SPI only"
                            : "--out needs --peer: SPIs of outbound SAs are chosen by peers");
        }
        if (!id.isEmpty()) {
            return byId(line, "ID", id);
        }
        if (!inbound.isEmpty()) {
            return new SaSelector.Inbound(spi(line, "--in", inbound));
        }
        return new SaSelector.Outbound(Endpoint.parse(peer), spi(line, "--out", outbound));
    }

    static SaSelector byId(CommandLine line, String option, String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw new ParameterException(line, option + ": '" + text + "' is no SA number");
        }
        return new SaSelector.ById(new SaId(Long.parseLong(text)));
    }

    static Spi spi(CommandLine line, String option, String text) {
        return new Spi(Hex.argument(line, option, text));
    }
}
