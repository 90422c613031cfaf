// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaEntry;
import dev.samd.client.SaSelector;
import dev.samd.client.Sadb;
import dev.samd.client.SamdClient;
import dev.samd.sa.SaParameters;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Gives an SA another lifetime, or a LARVAL one its keys (RFC 2367 s3.1.2). */
@Command(
        name = "update",
        description = {
            "Gives a MATURE or DYING SA another lifetime: limits that are not said are none but those of the algorithm.",
            "With --suite, --key, --iv and --epoch: completes the LARVAL SA of sa getspi."
        },
        mixinStandardHelpOptions = true)
final class SaUpdateCommand implements Callable<Integer> {
    @Mixin
    private SelectorOptions selector = new SelectorOptions();

    @Mixin
    private LifetimeOptions lifetime = new LifetimeOptions();

    @Mixin
    private InstallOptions installation = new InstallOptions();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private SaCommand parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        SaSelector named = selector.selector(line);
        if (!lifetime.said() && !installation.said()) {
            throw new ParameterException(
                    line, "say what is to change: limits of the lifetime, or --suite, --key, --iv and --epoch");
        }
        Samctl samctl = parent.samctl();
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            SaEntry entry = installation.said()
                    ? complete(client.sadb(), named, line)
                    : client.sadb().changeLifetime(named, lifetime.lifetime());
            printer.single(EntryTable.column(entry, samctl.env().clock().instant()), EntryJson.of(entry));
        }
        return ExitCode.DONE;
    }

    private SaEntry complete(Sadb sadb, SaSelector named, CommandLine line) {
        SaParameters parameters =
                installation.parameters(line, InstallOptions.Name.of(sadb.get(named)), lifetime.lifetime());
        return installation.withKeys(
                line,
                parent.samctl().env(),
                parameters,
                keys -> sadb.complete(named, parameters, keys, installation.pairName()));
    }
}
