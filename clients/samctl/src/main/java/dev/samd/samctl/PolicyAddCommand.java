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
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Puts policies into the list. */
@Command(
        name = "add",
        description = "Puts a policy into the list, or those of a file, one after the other.",
        mixinStandardHelpOptions = true)
final class PolicyAddCommand implements Callable<Integer> {
    @Mixin
    private PolicyOptions options = new PolicyOptions();

    @Option(names = "--before", paramLabel = "NAME", description = "In front of this one; else at the end.")
    private String before = "";

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
            policies.forEach(policy -> client.policies().add(policy, before));
            List<String> names = policies.stream().map(Policy::name).toList();
            printer.single(Map.of("added", String.join(" ", names)), new Json().with("names", names));
        }
        return ExitCode.DONE;
    }
}
