// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Bypassed;
import dev.samd.client.Challenged;
import dev.samd.client.Discarded;
import dev.samd.client.Opened;
import dev.samd.client.Records;
import dev.samd.client.SamdClient;
import dev.samd.client.UnprotectOutcome;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * A command on the data path: octets on standard input, octets on standard output, exactly one JSON line on standard error,
 * whatever happens.
 */
abstract class RecordCommand implements Callable<Integer> {
    /** The largest CoAP message; a record is smaller. */
    private static final int MAX_OCTETS = 65_535;

    @Option(names = "--hex", description = "Standard input and output are hexadecimal text.")
    private boolean hex;

    @Option(names = "--local", paramLabel = "URI", description = "The endpoint of this host.")
    private String local = "";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Samctl samctl;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    /** What the command reads, for the message about an empty input. */
    abstract String inputName();

    /** Does it, and gives what goes to standard output and standard error. */
    abstract Result perform(Records records, Octets input);

    @Override
    public Integer call() throws IOException {
        Octets input = read();
        Result result;
        try (SamdClient client = samctl.connectForRecords()) {
            result = perform(client.records(), input);
        }
        if (result.accepted() || !result.output().isEmpty()) {
            write(result.output());
        }
        new PrintWriter(samctl.env().stderr(), true, StandardCharsets.UTF_8).println(result.line());
        return result.accepted() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    CommandLine line() {
        return spec.commandLine();
    }

    boolean hasLocal() {
        return !local.isEmpty();
    }

    Endpoint local() {
        return new Endpoint(local);
    }

    /** Waits for an answer. */
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    static Result result(UnprotectOutcome outcome) {
        if (outcome instanceof Opened opened) {
            return new Result(true, opened.octets(), RecordLine.of(opened));
        }
        if (outcome instanceof Bypassed bypassed) {
            return new Result(true, bypassed.coap(), RecordLine.bypassed());
        }
        if (outcome instanceof Challenged challenged) {
            return new Result(false, challenged.coap(), RecordLine.challenged());
        }
        return new Result(false, Octets.EMPTY, RecordLine.of((Discarded) outcome));
    }

    private Octets read() throws IOException {
        int bound = hex ? 4 * MAX_OCTETS : MAX_OCTETS;
        byte[] input = samctl.env().stdin().readNBytes(bound + 1);
        if (input.length > bound) {
            throw new SaException(
                    SaError.TOO_LARGE,
                    "standard input",
                    "standard input holds more than " + bound + (hex ? " characters" : " octets"));
        }
        Octets octets = hex ? parse(new String(input, StandardCharsets.ISO_8859_1)) : Octets.of(input);
        if (octets.isEmpty()) {
            throw new SaException(
                    SaError.MALFORMED, "standard input", "standard input is empty; " + inputName() + " expected");
        }
        return octets;
    }

    private static Octets parse(String text) {
        try {
            return Hex.text(text);
        } catch (IllegalArgumentException e) {
            throw new SaException(
                    SaError.MALFORMED,
                    "standard input",
                    "standard input is not an even number of hexadecimal digits, which --hex asks for");
        }
    }

    private void write(Octets output) throws IOException {
        if (hex) {
            samctl.env().stdout().write((output.toHex() + "\n").getBytes(StandardCharsets.US_ASCII));
        } else {
            samctl.env().stdout().write(output.toArray());
        }
        samctl.env().stdout().flush();
    }

    /**
     * What a command comes to.
     *
     * @param accepted whether the command did what it is for; else the line says why not
     * @param output for standard output; where nothing is accepted, empty or the answer to it
     * @param line for standard error
     */
    record Result(boolean accepted, Octets output, Json line) {}
}
