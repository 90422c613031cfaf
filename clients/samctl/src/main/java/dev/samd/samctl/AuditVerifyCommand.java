// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.audit.AuditAnchor;
import dev.samd.audit.AuditKey;
import dev.samd.audit.AuditReport;
import dev.samd.audit.AuditVerifier;
import dev.samd.audit.ChainHead;
import dev.samd.audit.Expected;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Verifies an audit log. */
@Command(
        name = "verify",
        description = {
            "Verifies that an audit log is as the daemon wrote it: no line altered, taken out, put in or moved,",
            "and none cut off at the end. Exit code 1 if it is not."
        },
        mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {
    private static final int MAX_SMALL_FILE = 4096;
    private static final Pattern HEAD = Pattern.compile("([1-9][0-9]{0,17}):([0-9a-f]{64})");

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private AuditCommand parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The key that the daemon made on its first start, audit.key. Without it, whoever recomputes"
                    + " the chain is not found.")
    private @Nullable Path keyFile;

    @Option(
            names = "--anchor",
            paramLabel = "FILE",
            description =
                    "How far the log goes at least, audit.anchor of the daemon's state directory or a copy of it.")
    private @Nullable Path anchorFile;

    @Option(names = "--head", paramLabel = "SEQ:HASH", description = "The same, as an earlier verification printed it.")
    private @Nullable String head;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "All files of the log, in any order.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        ChainHead known = head == null ? null : head(head);
        AuditAnchor anchor = anchorFile == null ? null : small("--anchor", anchorFile, AuditAnchor::read);
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new ParameterException(spec.commandLine(), file + " does not exist or cannot be read");
            }
        }
        AuditReport report;
        try (KeyMaterial key =
                keyFile == null ? KeyMaterial.adopt(new byte[0]) : small("--key", keyFile, AuditKey::read)) {
            report = AuditVerifier.verify(files, new Expected(keyFile == null ? null : key, anchor, known));
        }
        print(report);
        return report.isWhole() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private void print(AuditReport report) {
        String end = report.head().sequence() + ":" + report.head().hash().toHex();
        Map<String, String> people = new LinkedHashMap<>();
        people.put("verdict", report.isWhole() ? "whole" : "not as it was written");
        people.put("lines", Long.toString(report.lines()));
        people.put("head", end);
        int number = 0;
        for (String finding : report.findings()) {
            people.put("finding " + ++number, finding);
        }
        number = 0;
        for (String note : report.notes()) {
            people.put("note " + ++number, note);
        }
        Json machine = new Json()
                .with("whole", report.isWhole())
                .with("lines", report.lines())
                .with("head", end)
                .with("findings", report.findings())
                .with("notes", report.notes());
        try (Printer printer = parent.samctl().printer()) {
            printer.single(people, machine);
        }
    }

    private ChainHead head(String text) {
        Matcher form = HEAD.matcher(text);
        if (!form.matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--head: '" + text + "' is no SEQ:HASH as audit verify prints it");
        }
        return new ChainHead(0, Long.parseLong(form.group(1)), Octets.ofHex(form.group(2)));
    }

    private <T> T small(String option, Path file, Function<byte[], T> reader) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return reader.apply(in.readNBytes(MAX_SMALL_FILE));
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + file + " does not exist");
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + file + " is " + e.getMessage());
        }
    }
}
