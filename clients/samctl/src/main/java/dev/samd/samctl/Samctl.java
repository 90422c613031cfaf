// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SamdClient;
import dev.samd.client.SamdUnavailableException;
import dev.samd.client.TlsAddress;
import dev.samd.sa.SaException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands: where the daemon is, how results look, what an exit code means. */
@Command(
        name = "samctl",
        description = "Looks after the security associations of a samd.",
        mixinStandardHelpOptions = true,
        versionProvider = Samctl.Version.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:refused", "2:bad usage", "3:daemon unreachable"},
        footer = {
            "JSON has the names of the .proto files, constants without their prefix (MATURE), octets as hexadecimal text,",
            "64-bit numbers as numbers, times and durations as protobuf writes them. Policies are as in the daemon's",
            "configuration, so that policy add --file takes what policy list prints."
        })
final class Samctl implements Runnable {
    @Option(
            names = "--socket",
            paramLabel = "PATH",
            scope = ScopeType.INHERIT,
            description = "The daemon's socket; else, but for protect, unprotect, seal and open, $SAMD_ADMIN_SOCKET;"
                    + " else $SAMD_SOCKET; else /run/samd/admin.sock or app.sock.")
    private String socket = "";

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|jsonl",
            scope = ScopeType.INHERIT,
            description = "How results are printed; table if not said.")
    private OutputForm form = OutputForm.TABLE;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    private final Env env;

    private Samctl(Env env) {
        this.env = env;
    }

    /** Runs one command and gives its exit code. */
    static int run(Env env, String... arguments) {
        CommandLine line = CommandTree.of(new Samctl(env), List.of(arguments))
                // An argument that begins with @ is the file of a key, not of arguments.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setOut(new PrintWriter(env.stdout(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(env.stderr(), true, StandardCharsets.UTF_8));
        Failures failures = new Failures(env);
        line.setParameterExceptionHandler(failures::usage);
        line.setExecutionExceptionHandler(failures::execution);
        line.registerConverter(Duration.class, Durations::parse);
        return line.execute(arguments);
    }

    /** Only a command can be done. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing; samctl --help lists them");
    }

    Env env() {
        return env;
    }

    /** A client of the daemon that the command line or the environment names, for all that is not the data path. */
    SamdClient connect() {
        String named = socket.isEmpty() ? variable(SamdClient.ADMIN_SOCKET_VARIABLE) : socket;
        if (named.isEmpty() && variable(SamdClient.SOCKET_VARIABLE).isEmpty()) {
            named = Files.exists(SamdClient.DEFAULT_ADMIN_SOCKET) ? SamdClient.DEFAULT_ADMIN_SOCKET.toString() : "";
        }
        return connect(named);
    }

    /** The same for the data path, which a socket for administration does not serve. */
    SamdClient connectForRecords() {
        return connect(socket);
    }

    private SamdClient connect(String named) {
        Optional<TlsAddress> daemon = tls.address(spec.commandLine(), socket);
        if (daemon.isPresent()) {
            return SamdClient.connect(daemon.get());
        }
        String path = named.isEmpty() ? variable(SamdClient.SOCKET_VARIABLE) : named;
        return SamdClient.connect(path.isEmpty() ? SamdClient.DEFAULT_SOCKET : Path.of(path));
    }

    private String variable(String name) {
        return env.variables().getOrDefault(name, "");
    }

    Printer printer() {
        return new Printer(form, env.stdout());
    }

    /** The version as the build stated it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Samctl.class.getPackage().getImplementationVersion();
            return new String[] {"samctl " + (version == null ? "of an unpacked build" : version)};
        }
    }

    /** Says what went wrong, on one line, and gives the exit code. */
    private record Failures(Env env) {
        int usage(ParameterException failure, String[] arguments) {
            String message = oneLine(failure.getMessage());
            if (isRecord(failure.getCommandLine())) {
                return say(RecordLine.failed("usage", message).toString(), ExitCode.USAGE);
            }
            return say("samctl: " + message, ExitCode.USAGE);
        }

        int execution(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
            boolean record = line.getCommand() instanceof RecordCommand;
            if (failure instanceof SaException refusal) {
                return say(
                        record
                                ? RecordLine.refused(refusal).toString()
                                : "samctl: " + oneLine(refusal.getMessage()) + " (" + refusal.error() + ")",
                        ExitCode.REFUSED);
            }
            if (failure instanceof SamdUnavailableException away) {
                return failed(record, "unreachable", oneLine(away.getMessage()), ExitCode.UNREACHABLE);
            }
            if (failure instanceof UncheckedIOException || failure instanceof IOException) {
                String message = oneLine("standard input or output: " + failure.getMessage());
                return failed(record, "failed", message, ExitCode.REFUSED);
            }
            return failed(record, "failed", oneLine(failure.toString()), ExitCode.REFUSED);
        }

        /** Whether the command is one of the data path, or an option before such a one was not understood. */
        private static boolean isRecord(CommandLine line) {
            Collection<CommandLine> meant = line.getSubcommands().values();
            return line.getCommand() instanceof RecordCommand
                    || (!meant.isEmpty() && meant.stream().allMatch(sub -> sub.getCommand() instanceof RecordCommand));
        }

        private int failed(boolean record, String outcome, String message, int code) {
            return say(record ? RecordLine.failed(outcome, message).toString() : "samctl: " + message, code);
        }

        private int say(String line, int code) {
            PrintWriter err = new PrintWriter(env.stderr(), true, StandardCharsets.UTF_8);
            err.println(line);
            return code;
        }

        private static String oneLine(@Nullable String message) {
            return String.valueOf(message).replaceAll("\\s*[\\r\\n]+\\s*", " ");
        }
    }
}
