// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Policy;
import dev.samd.client.SamdClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows a policy. */
@Command(name = "get", description = "Shows a policy.", mixinStandardHelpOptions = true)
final class PolicyGetCommand implements Callable<Integer> {
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
            Policy policy = client.policies().get(name);
            printer.single(PolicyTable.column(policy), PolicyJson.of(policy));
        }
        return ExitCode.DONE;
    }
}
