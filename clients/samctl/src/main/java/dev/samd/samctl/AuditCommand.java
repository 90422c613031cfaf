// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The audit log, as files: no daemon is asked. */
@Command(
        name = "audit",
        description = "Verifies and shows the files of an audit log. No daemon is asked.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Runnable {
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
        throw new ParameterException(line, "audit needs a command: verify or show");
    }
}
