// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The key-encryption key of the database. */
@Command(
        name = "key",
        description = "Looks after the key that the daemon's database is sealed under.",
        mixinStandardHelpOptions = true)
final class KeyCommand implements Runnable {
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
        throw new ParameterException(line, "key needs a command: rotate");
    }
}
