// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaSelector;
import dev.samd.client.SamdClient;
import dev.samd.sa.SaId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Ends one SA, or a pair. */
@Command(name = "delete", description = "Ends one SA, or a pair, and wipes the keys.", mixinStandardHelpOptions = true)
final class SaDeleteCommand implements Callable<Integer> {
    @Mixin
    private SelectorOptions selector = new SelectorOptions();

    @Option(names = "--pair", description = "End the other SA of its pair as well.")
    private boolean pair;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private SaCommand parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        Samctl samctl = parent.samctl();
        SaSelector named = selector.selector(spec.commandLine());
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            List<SaId> ended =
                    pair ? client.sadb().deletePair(named) : client.sadb().delete(named);
            printer.single(
                    Map.of("deleted", ended.stream().map(SaId::toString).collect(Collectors.joining(" "))),
                    new Json().with("sa_ids", ended.stream().map(SaId::value).toList()));
        }
        return ExitCode.DONE;
    }
}
