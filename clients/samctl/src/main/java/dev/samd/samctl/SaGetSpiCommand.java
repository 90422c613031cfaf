// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.ReservedSpi;
import dev.samd.client.Sadb;
import dev.samd.client.SamdClient;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Spi;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Reserves an inbound SPI (RFC 2367 s3.1.1); {@code sa update} completes it. */
@Command(
        name = "getspi",
        aliases = "allocspi",
        description = "Reserves an inbound SPI as a LARVAL SA, for sa update to complete within 30 s.",
        mixinStandardHelpOptions = true)
final class SaGetSpiCommand implements Callable<Integer> {
    @Option(names = "--peer", paramLabel = "URI", required = true, description = "The peer that will use the SPI.")
    private String peer = "";

    @Option(names = "--local", paramLabel = "URI", description = "Endpoint that may use it; else every one.")
    private String local = "";

    @Option(names = "--min", paramLabel = "HEX", description = "Lowest SPI to choose from; else 4 random octets.")
    private String min = "";

    @Option(names = "--max", paramLabel = "HEX", description = "Highest SPI, as long as --min; --min if not said.")
    private String max = "";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private SaCommand parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        if (min.isEmpty() && !max.isEmpty()) {
            throw new ParameterException(line, "--max goes with --min only");
        }
        Samctl samctl = parent.samctl();
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            ReservedSpi reserved = reserve(client.sadb(), line);
            Map<String, String> people = new LinkedHashMap<>();
            people.put("id", reserved.id().toString());
            people.put("spi", reserved.spi().toString());
            printer.single(
                    people, new Json().with("sa_id", reserved.id().value()).with("spi", reserved.spi()));
        }
        return ExitCode.DONE;
    }

    private ReservedSpi reserve(Sadb sadb, CommandLine line) {
        Endpoint peerName = Endpoint.parse(peer);
        Endpoint localName = new Endpoint(local);
        if (min.isEmpty()) {
            return sadb.getSpi(peerName, localName);
        }
        Spi lowest = SelectorOptions.spi(line, "--min", min);
        return sadb.getSpi(
                peerName, localName, lowest, max.isEmpty() ? lowest : SelectorOptions.spi(line, "--max", max));
    }
}
