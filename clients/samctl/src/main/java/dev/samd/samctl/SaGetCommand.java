// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaEntry;
import dev.samd.client.SaSelector;
import dev.samd.client.SamdClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows one SA. */
@Command(name = "get", description = "Shows one SA. Never with keys.", mixinStandardHelpOptions = true)
final class SaGetCommand implements Callable<Integer> {
    @Mixin
    private SelectorOptions selector = new SelectorOptions();

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
            SaEntry entry = client.sadb().get(named);
            printer.single(EntryTable.column(entry, samctl.env().clock().instant()), EntryJson.of(entry));
        }
        return ExitCode.DONE;
    }
}
