// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.fuzz.Fuzzer.Extent;
import dev.samd.fuzz.Fuzzer.Outcome;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code bin/fuzz}. */
@Command(
        name = "fuzz",
        description = "Has decoders read octets that nobody thought of.",
        mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
    private static final int FOUND = 1;

    @Option(names = "--inputs", required = true, hidden = true)
    private Path checkedIn = Path.of("");

    @Option(names = "--found", required = true, hidden = true)
    private Path found = Path.of("");

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "How long each decoder is fuzzed (${DEFAULT-VALUE}).")
    private int seconds;

    @ArgGroup(exclusive = true)
    private Other other = new Other();

    @Parameters(paramLabel = "DECODER", description = "Which ones; without any, all.")
    private List<String> names = List.of();

    /** What is done instead of fuzzing. */
    private static final class Other {
        @Option(names = "--list", description = "Prints the names of the decoders.")
        private boolean list;

        @Option(
                names = "--reproduce",
                paramLabel = "FILE",
                description = "Tries one input on the decoder, and says what it meets.")
        private @Nullable Path input;

        @Option(names = "--write-seeds", description = "Writes the seeds anew, as the targets make them.")
        private boolean writeSeeds;
    }

    private Main() {}

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Decoder> decoders = names.isEmpty()
                ? Decoders.ALL
                : names.stream().map(Decoders::named).toList();
        Inputs inputs = new Inputs(checkedIn, found);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        if (other.list) {
            decoders.forEach(decoder -> out.println(decoder.name()));
            return 0;
        }
        if (other.writeSeeds) {
            for (Decoder decoder : decoders) {
                inputs.writeSeeds(decoder);
            }
            return 0;
        }
        if (other.input != null) {
            for (Decoder decoder : decoders) {
                Trial.Result result = new Trial(decoder).run(Files.readAllBytes(other.input));
                out.printf(
                        "%s: %s, %d octets allocated, %d us%n",
                        decoder.name(),
                        result.taken() ? "taken" : "refused",
                        result.allocated(),
                        result.nanos() / 1000);
            }
            return 0;
        }
        return fuzz(decoders, new Fuzzer(inputs), out);
    }

    private int fuzz(List<Decoder> decoders, Fuzzer fuzzer, PrintWriter out) throws Exception {
        int exit = 0;
        out.printf("%-20s %12s %10s %8s %12s%n", "decoder", "executions", "per second", "edges", "new inputs");
        for (Decoder decoder : decoders) {
            Outcome outcome = fuzzer.run(decoder, new Extent.Seconds(seconds));
            out.printf(
                    "%-20s %12d %10d %8d %12d%n",
                    decoder.name(),
                    outcome.executions(),
                    outcome.executions() / Math.max(1, seconds),
                    outcome.covered(),
                    outcome.added());
            for (Path input : outcome.finding()) {
                exit = FOUND;
                out.println(outcome.output()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .reduce("", (a, b) -> a + b + "\n"));
                out.println("finding: " + input);
                out.println("again:   bin/fuzz --reproduce " + input + " " + decoder.name());
            }
            out.flush();
        }
        return exit;
    }
}
