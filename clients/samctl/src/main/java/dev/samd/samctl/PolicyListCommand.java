// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Policy;
import dev.samd.client.SamdClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Lists the policies in their order. */
@Command(
        name = "list",
        description = "Lists the policies in their order: the first one that fits decides.",
        mixinStandardHelpOptions = true)
final class PolicyListCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private PolicyCommand parent;

    @Override
    public Integer call() {
        Samctl samctl = parent.samctl();
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            List<Policy> policies = client.policies().list();
            printer.begin(PolicyTable.header());
            policies.forEach(policy -> printer.row(PolicyTable.row(policy), PolicyJson.of(policy)));
            printer.end();
        }
        return ExitCode.DONE;
    }
}
