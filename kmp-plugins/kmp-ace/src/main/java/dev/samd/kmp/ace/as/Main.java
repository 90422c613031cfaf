// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.kmp.KmpConfigException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code ace-as}: a small authorization server for tests and first steps. */
@Command(
        name = "ace-as",
        description = "Issues access tokens for the profile x_dtls_record.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code: 0, 1 where it could not, 2 for a call that is wrong. */
    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "ace-as-logback.xml");
        int code = run(
                new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true),
                new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true),
                Clock.systemUTC(),
                new SecureRandom(),
                arguments);
        System.exit(code);
    }

    static int run(PrintWriter out, PrintWriter err, Clock clock, RandomGenerator random, String... arguments) {
        return new CommandLine(new Main())
                .addSubcommand(new IssueCommand(clock, random))
                .addSubcommand(new ServeCommand(clock, random))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof KmpConfigException || failure instanceof IOException) {
                        err.println("ace-as: " + failure.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw failure;
                })
                .execute(arguments);
    }
}
