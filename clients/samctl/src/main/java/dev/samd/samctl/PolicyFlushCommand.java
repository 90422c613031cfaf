// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SamdClient;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Takes all policies out. */
@Command(
        name = "flush",
        description = "Takes all policies out: everything is protected then, by manual keys alone.",
        mixinStandardHelpOptions = true)
final class PolicyFlushCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private PolicyCommand parent;

    @Override
    public Integer call() {
        Samctl samctl = parent.samctl();
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            long count = client.policies().flush();
            printer.single(Map.of("flushed", Long.toString(count)), new Json().with("count", count));
        }
        return ExitCode.DONE;
    }
}
