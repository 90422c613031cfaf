// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A word that stands before others and does nothing by itself: {@code sa}, {@code policy}. */
abstract class GroupCommand implements Runnable {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Samctl samctl;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    final Samctl samctl() {
        return samctl;
    }

    /** Only a command can be done. */
    @Override
    public final void run() {
        List<String> commands = CommandTree.verbsOf(spec.name());
        int last = commands.size() - 1;
        String others = String.join(", ", commands.subList(0, last));
        throw new ParameterException(
                spec.commandLine(),
                spec.name() + " needs a command: " + others + (last == 0 ? "" : " or ") + commands.get(last));
    }
}
