// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Policy;
import dev.samd.client.SaTemplate;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Direction;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Policies for people: one row in the list, or one column alone. */
final class PolicyTable {
    private static final String ALL = "*";

    private static final List<Column> COLUMNS = List.of(
            new Column("NAME", 16, Policy::name),
            new Column("ACTION", 7, policy -> Words.of(policy.action())),
            new Column("DIRECTION", 9, policy -> policy.selector()
                    .direction()
                    .map(direction -> direction == Direction.INBOUND ? "in" : "out")
                    .orElse(ALL)),
            new Column("PEER", 24, policy -> orAll(policy.selector().peer())),
            new Column("LOCAL", 20, policy -> orAll(policy.selector().local().uri())),
            new Column(
                    "METHODS",
                    8,
                    policy -> orAll(String.join(",", policy.selector().methods()))),
            new Column("PATH", 20, policy -> orAll(policy.selector().path())),
            new Column("KMP", 12, PolicyTable::kmps),
            new Column("FRESH", 6, policy -> policy.fresh().isZero() ? "-" : Durations.show(policy.fresh())),
            new Column("IDENTITIES", 0, PolicyTable::identities));

    private PolicyTable() {}

    /** The names of all columns. */
    static String header() {
        return line(COLUMNS.stream().map(Column::title).toList());
    }

    /** One policy on one line. */
    static String row(Policy policy) {
        return line(COLUMNS.stream().map(column -> column.value().apply(policy)).toList());
    }

    /** One policy, one fact a line. */
    static Map<String, String> column(Policy policy) {
        Map<String, String> facts = new LinkedHashMap<>();
        COLUMNS.forEach(column -> facts.put(
                column.title().toLowerCase(Locale.ROOT), column.value().apply(policy)));
        SaTemplate template = policy.template();
        facts.put(
                "suites",
                orAll(String.join(
                        " ", template.suites().stream().map(CipherSuite::name).toList())));
        facts.put("content", Words.of(template.content()));
        facts.put("form", Words.of(template.form()));
        facts.put("soft limits", limits(template.lifetime().soft()));
        facts.put("hard limits", limits(template.lifetime().hard()));
        facts.put("window", Integer.toString(template.window()));
        facts.put("reqid", Integer.toUnsignedString(template.reqid()));
        return facts;
    }

    private static String kmps(Policy policy) {
        if (policy.action() != Policy.Action.PROTECT) {
            return "-";
        }
        return policy.kmps().isEmpty() ? "manual" : String.join(",", policy.kmps());
    }

    private static String identities(Policy policy) {
        List<String> texts =
                policy.identities().stream().map(PolicyTable::identity).toList();
        return texts.isEmpty() ? "-" : String.join(" ", texts);
    }

    /** As {@code --identity} takes it. */
    private static String identity(IdentityPattern pattern) {
        List<String> parts = new ArrayList<>();
        addIfAny(parts, "kmp", pattern.kmp());
        pattern.type().ifPresent(type -> parts.add("type=" + Words.of(type)));
        addIfAny(parts, "issuer", pattern.issuer());
        addIfAny(parts, "value", pattern.value());
        return parts.isEmpty() ? ALL : String.join(",", parts);
    }

    private static void addIfAny(List<String> parts, String name, String text) {
        if (!text.isEmpty()) {
            parts.add(name + "=" + text);
        }
    }

    private static String limits(Limits limits) {
        List<String> parts = new ArrayList<>();
        if (!limits.addTime().isZero()) {
            parts.add("time=" + Durations.show(limits.addTime()));
        }
        if (!limits.useTime().isZero()) {
            parts.add("use time=" + Durations.show(limits.useTime()));
        }
        addIfAny(parts, "records", limits.records());
        addIfAny(parts, "octets", limits.octets());
        addIfAny(parts, "failed openings", limits.failedOpenings());
        return parts.isEmpty() ? "-" : String.join(" ", parts);
    }

    private static void addIfAny(List<String> parts, String name, long number) {
        if (number != 0) {
            parts.add(name + "=" + number);
        }
    }

    private static String orAll(String text) {
        return text.isEmpty() ? ALL : text;
    }

    private static String line(List<String> cells) {
        return Printer.cells(cells, COLUMNS.stream().map(Column::width).toList());
    }

    private record Column(String title, int width, Function<Policy, String> value) {}
}
