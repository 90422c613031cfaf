// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Policy;
import dev.samd.client.SamdClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Replaces policies in their places. */
@Command(
        name = "update",
        description = "Replaces a policy in its place, or those of a file: what is not said is the default.",
        mixinStandardHelpOptions = true)
final class PolicyUpdateCommand implements Callable<Integer> {
    @Mixin
    private PolicyOptions options = new PolicyOptions();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private PolicyCommand parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        Samctl samctl = parent.samctl();
        List<Policy> policies = options.policies(spec.commandLine(), samctl.env());
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            policies.forEach(client.policies()::update);
            List<String> names = policies.stream().map(Policy::name).toList();
            printer.single(Map.of("updated", String.join(" ", names)), new Json().with("names", names));
        }
        return ExitCode.DONE;
    }
}
