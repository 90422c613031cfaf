// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The SA database. */
@Command(
        name = "sa",
        description = "Adds, changes, shows, lists and ends security associations.",
        mixinStandardHelpOptions = true)
final class SaCommand implements Runnable {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Samctl samctl;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    Samctl samctl() {
        return samctl;
    }

    /** Only a command can be done. */
    @Override
    public void run() {
        CommandLine line = spec.commandLine();
        throw new ParameterException(
                line, "sa needs a command: getspi, add, update, get, delete, list, count or flush");
    }
}
