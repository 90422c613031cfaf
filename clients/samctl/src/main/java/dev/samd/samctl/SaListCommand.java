// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaFilter;
import dev.samd.client.SamdClient;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Lists SAs, each row as it comes. */
@Command(name = "list", description = "Lists SAs. Never with keys.", mixinStandardHelpOptions = true)
final class SaListCommand implements Callable<Integer> {
    @Mixin
    private FilterOptions filter = new FilterOptions();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private SaCommand parent;

    @Override
    public Integer call() {
        Samctl samctl = parent.samctl();
        SaFilter wanted = filter.filter();
        Instant now = samctl.env().clock().instant();
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            Listing listing = new Listing(printer);
            client.sadb().dump(wanted, entry -> {
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
