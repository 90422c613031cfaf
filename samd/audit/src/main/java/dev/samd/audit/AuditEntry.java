// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A line as it is shown: what it says, whether or not it is as it was written. */
public final class AuditEntry {
    private static final Set<String> OF_EVERY_LINE = Set.of(
            "seq", "time", "run", "event", "outcome", "principal", "uid", "gid", "pid", "sas", "reason", "prev", "mac");

    private final AuditLine line;

    private AuditEntry(AuditLine line) {
        this.line = line;
    }

    /** Reads a line; empty if it is none. */
    public static Optional<AuditEntry> read(byte[] octets) {
        return AuditLine.read(octets).map(AuditEntry::new);
    }

    /** Its number. */
    public long sequence() {
        return line.sequence();
    }

    /** A field as text; empty if it is not there, or is a list. */
    public String field(String name) {
        return line.text(name);
    }

    /** The SAs it is about. */
    public List<AuditSa> sas() {
        List<AuditSa> sas = new ArrayList<>();
        if (line.fields().get("sas") instanceof JsonArray all) {
            for (JsonElement one : all) {
                if (one instanceof JsonObject sa) {
                    AuditLine inner = new AuditLine(line.octets(), sa);
                    sas.add(new AuditSa(
                            Math.max(0, inner.number("id")),
                            inner.text("spi"),
                            inner.text("direction"),
                            inner.text("peer"),
                            inner.text("local")));
                }
            }
        }
        return sas;
    }

    /** The fields that not every line has, in order. */
    public Map<String, String> details() {
        Map<String, String> details = new LinkedHashMap<>();
        for (String name : line.fields().keySet()) {
            if (!OF_EVERY_LINE.contains(name)) {
                details.put(name, line.text(name));
            }
        }
        return details;
    }

    /** The line itself. */
    @Override
    public String toString() {
        return new String(line.octets().toArray(), StandardCharsets.UTF_8);
    }
}
