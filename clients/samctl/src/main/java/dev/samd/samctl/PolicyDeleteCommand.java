// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SamdClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Takes a policy out. */
@Command(name = "delete", description = "Takes a policy out of the list.", mixinStandardHelpOptions = true)
final class PolicyDeleteCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the policy.")
    private String name = "";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private PolicyCommand parent;

    @Override
    public Integer call() {
        Samctl samctl = parent.samctl();
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            client.policies().delete(name);
            printer.single(Map.of("deleted", name), new Json().with("names", List.of(name)));
        }
        return ExitCode.DONE;
    }
}
