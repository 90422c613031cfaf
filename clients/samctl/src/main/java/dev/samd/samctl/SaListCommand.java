// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaFilter;
import dev.samd.client.SamdClient;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaState;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Lists SAs, each row as it comes. */
@Command(name = "list", description = "Lists SAs. Never with keys.", mixinStandardHelpOptions = true)
final class SaListCommand implements Callable<Integer> {
    @Option(names = "--peer", paramLabel = "URI", description = "Only SAs with this peer.")
    private String peer = "";

    @Option(names = "--state", paramLabel = "STATE", description = "larval, mature, dying or dead.")
    private @Nullable SaState state;

    @Option(names = "--direction", paramLabel = "in|out", description = "Only SAs of this direction.")
    private SaAddCommand.@Nullable Way direction;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private SaCommand parent;

    @Override
    public Integer call() {
        Samctl samctl = parent.samctl();
        SaFilter filter = new SaFilter(
                peer.isEmpty() ? Optional.empty() : Optional.of(Endpoint.parse(peer)),
                Optional.ofNullable(direction)
                        .map(way -> way == SaAddCommand.Way.IN ? Direction.INBOUND : Direction.OUTBOUND),
                Optional.ofNullable(state),
                Optional.empty());
        Instant now = samctl.env().clock().instant();
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            Listing listing = new Listing(printer);
            client.sadb().dump(filter, entry -> {
                listing.begin();
                printer.row(EntryTable.row(entry, now), EntryJson.of(entry));
            });
            listing.begin();
            printer.end();
        }
        return ExitCode.DONE;
    }

    /** Begins only when the daemon has answered, so that a refusal leaves no half listing behind. */
    private static final class Listing {
        private final Printer printer;
        private boolean begun;

        Listing(Printer printer) {
            this.printer = printer;
        }

        void begin() {
            if (!begun) {
                printer.begin(EntryTable.header());
                begun = true;
            }
        }
    }
}
