// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.samd.audit.AuditAnchor;
import dev.samd.audit.AuditKey;
import dev.samd.audit.AuditReport;
import dev.samd.audit.AuditVerifier;
import dev.samd.audit.Expected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a daemon left of its audit log. */
public record WrittenLog(AuditSettings settings) {
    /** All files of the log, the present one last. */
    public List<Path> files() throws IOException {
        String name = settings.file().getFileName().toString();
        try (Stream<Path> all = Files.list(settings.file().toAbsolutePath().getParent())) {
            List<Path> older = all.filter(file -> file.getFileName().toString().startsWith(name + "."))
                    .sorted((one, other) -> Long.compare(number(one), number(other)))
                    .toList();
            List<Path> files = new ArrayList<>(older);
            files.add(settings.file());
            return files;
        }
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(name.lastIndexOf('.') + 1));
    }

    public AuditReport verify() throws IOException {
        return AuditVerifier.verify(
                files(),
                new Expected(
                        AuditKey.read(Files.readAllBytes(settings.key())),
                        AuditAnchor.read(Files.readAllBytes(settings.anchor())),
                        null));
    }

    /** Every line that is one. */
    public List<JsonObject> lines() throws IOException {
        List<JsonObject> lines = new ArrayList<>();
        for (Path file : files()) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("{") && line.endsWith("}")) {
                    lines.add(JsonParser.parseString(line).getAsJsonObject());
                }
            }
        }
        return lines;
    }

    /** The events of all lines, in order. */
    public List<String> events() throws IOException {
        return lines().stream().map(line -> line.get("event").getAsString()).toList();
    }

    public List<JsonObject> lines(String event) throws IOException {
        return lines().stream()
                .filter(line -> line.get("event").getAsString().equals(event))
                .toList();
    }

    /** Copies everything that a daemon would find after a crash. */
    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
