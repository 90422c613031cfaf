// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaFilter;
import dev.samd.client.SamdClient;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Ends every SA that fits. */
@Command(
        name = "flush",
        description = "Ends every SA that fits; every SA if nothing is said.",
        mixinStandardHelpOptions = true)
final class SaFlushCommand implements Callable<Integer> {
    @Mixin
    private FilterOptions filter = new FilterOptions();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private SaCommand parent;

    @Override
    public Integer call() {
        Samctl samctl = parent.samctl();
        SaFilter wanted = filter.filter();
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            long count = client.sadb().flush(wanted);
            printer.single(Map.of("flushed", Long.toString(count)), new Json().with("count", count));
        }
        return ExitCode.DONE;
    }
}
