// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.audit.AuditEntry;
import dev.samd.audit.AuditSa;
import dev.samd.audit.LineReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows lines of an audit log. */
@Command(
        name = "show",
        description = {
            "Shows the lines of an audit log that fit all of the options, without verifying them: audit verify does.",
            "With -o json or jsonl each line comes as it stands in the file."
        },
        mixinStandardHelpOptions = true)
final class AuditShowCommand implements Callable<Integer> {
    private static final List<Integer> WIDTHS = List.of(8, 27, 21, 10, 12);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private AuditCommand parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(names = "--event", split = ",", paramLabel = "EVENT", description = "install, update, delete, denied, …")
    private List<String> events = List.of();

    @Option(names = "--outcome", split = ",", paramLabel = "OUTCOME", description = "intended, done, refused, unknown")
    private List<String> outcomes = List.of();

    @Option(names = "--principal", paramLabel = "NAME", description = "Who asked for it, uid:1000.")
    private String principal = "";

    @Option(names = "--sa", paramLabel = "ID", description = "The daemon's number of an SA.")
    private long sa;

    @Option(names = "--spi", paramLabel = "HEX", description = "The SPI of an SA.")
    private String spi = "";

    @Option(names = "--peer", paramLabel = "URI", description = "The peer of an SA.")
    private String peer = "";

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files of the log, the oldest first.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        try (Printer printer = parent.samctl().printer()) {
            printer.begin(Printer.cells(List.of("SEQ", "TIME", "EVENT", "OUTCOME", "PRINCIPAL", "WHAT"), WIDTHS));
            for (Path file : files) {
                show(file, printer);
            }
            printer.end();
        }
        return ExitCode.DONE;
    }

    private void show(Path file, Printer printer) throws IOException {
        try (LineReader reader = new LineReader(Files.newInputStream(file))) {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                Optional<AuditEntry> entry = AuditEntry.read(line);
                if (entry.isPresent() && fits(entry.get())) {
                    printer.row(row(entry.get()), Json.written(entry.get().toString()));
                }
            }
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), file + " does not exist");
        }
    }

    private boolean fits(AuditEntry entry) {
        return (events.isEmpty() || events.contains(entry.field("event")))
                && (outcomes.isEmpty() || outcomes.contains(entry.field("outcome")))
                && (principal.isEmpty() || principal.equals(entry.field("principal")))
                && ((sa == 0 && spi.isEmpty() && peer.isEmpty())
                        || entry.sas().stream().anyMatch(this::fits));
    }

    private boolean fits(AuditSa one) {
        return (sa == 0 || sa == one.id())
                && (spi.isEmpty() || spi.equals(one.spi()))
                && (peer.isEmpty() || peer.equals(one.peer()));
    }

    private static String row(AuditEntry entry) {
        return Printer.cells(
                List.of(
                        Long.toString(entry.sequence()),
                        Json.word(entry.field("time")),
                        Json.word(entry.field("event")),
                        Json.word(entry.field("outcome")),
                        entry.field("principal").isEmpty() ? "-" : Json.word(entry.field("principal")),
                        what(entry)),
                WIDTHS);
    }

    private static String what(AuditEntry entry) {
        Stream<String> sas = entry.sas().stream().map(AuditShowCommand::text);
        Stream<String> details = entry.details().entrySet().stream().map(AuditShowCommand::text);
        Stream<String> reason =
                entry.field("reason").isEmpty() ? Stream.of() : Stream.of("reason=" + Json.word(entry.field("reason")));
        return Stream.of(sas, details, reason).flatMap(all -> all).collect(Collectors.joining(" "));
    }

    private static String text(AuditSa one) {
        return Stream.of(
                        one.id() == 0 ? "" : "sa=" + one.id(),
                        named("spi", one.spi()),
                        one.direction().isEmpty() ? "" : Json.word(one.direction()),
                        named("peer", one.peer()),
                        named("local", one.local()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static String text(Map.Entry<String, String> detail) {
        return Json.word(detail.getKey()) + "=" + Json.word(detail.getValue());
    }

    private static String named(String name, String value) {
        return value.isEmpty() ? "" : name + "=" + Json.word(value);
    }
}
