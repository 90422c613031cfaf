// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaEntry;
import dev.samd.client.SaUsage;
import dev.samd.sa.Direction;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.Rights;
import dev.samd.sa.SaParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** SAs for people: one row in a listing, or one column alone. */
final class EntryTable {
    static final String NOTHING = "-";

    /** In the order of reading; the width is that of most values, and longer ones are not cut. */
    private static final List<Column> COLUMNS = List.of(
            new Column("ID", 16, (entry, now) -> entry.id().toString()),
            new Column("SPI", 8, (entry, now) -> entry.spi().toString()),
            new Column("DIRECTION", 9, (entry, now) -> entry.direction().name()),
            new Column("STATE", 6, (entry, now) -> entry.state().name()),
            new Column("PEER", 20, (entry, now) -> entry.peer().uri()),
            new Column(
                    "LOCAL",
                    20,
                    (entry, now) ->
                            entry.local().isHostWide() ? NOTHING : entry.local().uri()),
            new Column("SUITE", 26, (entry, now) -> of(entry, p -> p.suite().name())),
            new Column("EPOCH", 5, (entry, now) -> of(entry, p -> Integer.toString(p.epoch()))),
            new Column("NEXT/EDGE", 9, (entry, now) -> position(entry)),
            new Column("RECORDS", 7, (entry, now) -> Long.toString(entry.usage().records())),
            new Column("OCTETS", 8, (entry, now) -> Long.toString(entry.usage().octets())),
            new Column("AGE", 6, (entry, now) -> Durations.show(Duration.between(entry.added(), now))),
            new Column("LEFT", 6, (entry, now) -> entry.expires()
                    .map(end -> Durations.show(Duration.between(now, end)))
                    .orElse(NOTHING)),
            new Column("KMP", 6, (entry, now) -> of(entry, p -> p.identity().kmp())),
            new Column("IDENTITY", 8, (entry, now) -> of(entry, p -> identity(p.identity()))),
            new Column("OWNER", 8, (entry, now) -> entry.owner()),
            new Column("FLAGS", 6, (entry, now) -> words(flags(entry))),
            new Column("RIGHTS", 6, (entry, now) -> of(entry, p -> rights(p.rights()))),
            new Column("REFUSALS", 0, (entry, now) -> refusals(entry.usage())));

    private EntryTable() {}

    /** The names of all columns. */
    static String header() {
        return line(COLUMNS.stream().map(Column::title).toList());
    }

    /** One SA on one line. */
    static String row(SaEntry entry, Instant now) {
        return line(COLUMNS.stream().map(column -> column.cell(entry, now)).toList());
    }

    /** One SA, one fact a line. */
    static Map<String, String> column(SaEntry entry, Instant now) {
        Map<String, String> facts = new LinkedHashMap<>();
        COLUMNS.forEach(column -> facts.put(column.title().toLowerCase(Locale.ROOT), column.cell(entry, now)));
        facts.put("identity", of(entry, p -> p.identity().toString()));
        facts.put("content", of(entry, p -> p.content().name()));
        facts.put("form", of(entry, p -> p.form().name()));
        facts.put("connection id", of(entry, p -> p.connectionId() ? "yes" : "no"));
        facts.put("window", of(entry, p -> Integer.toString(p.window())));
        facts.put(
                "pair",
                entry.membership().pair().isNone()
                        ? NOTHING
                        : entry.membership().pair() + " " + entry.membership().name());
        facts.put("role", entry.membership().role().map(Enum::name).orElse(NOTHING));
        facts.put(
                "supersedes",
                entry.membership().supersedes().isNone()
                        ? NOTHING
                        : entry.membership().supersedes().toString());
        facts.put("partner", entry.membership().partner().map(Object::toString).orElse(NOTHING));
        facts.put("failed openings", Long.toString(entry.usage().failedOpenings()));
        facts.put("last used", entry.usage().lastUsed().map(Instant::toString).orElse("never"));
        facts.put("scope", words(entry.scope().stream().map(Endpoint::uri).toList()));
        facts.put("reqid", of(entry, p -> Integer.toUnsignedString(p.reqid())));
        facts.put(
                "acquire", entry.acquireSequence() == 0 ? NOTHING : Integer.toUnsignedString(entry.acquireSequence()));
        return facts;
    }

    /** Whom the KMP authenticated; by whose word, if by somebody's. */
    private static String identity(Identity identity) {
        return Json.word(identity.value()) + (identity.issuer().isEmpty() ? "" : "@" + Json.word(identity.issuer()));
    }

    /**
     * {@code subject@issuer:"scope"}: whom a credential was issued to, by whom, and what it allows. Nothing for a credential
     * of which only its end is known, as on the side of a client whose token is opaque to it.
     */
    static String rights(Rights rights) {
        if (rights.subject().isEmpty()
                && rights.issuer().isEmpty()
                && rights.scope().isEmpty()) {
            return NOTHING;
        }
        String scope = rights.scope().isEmpty() ? "" : ":" + Json.quoted(rights.scope());
        return Json.word(rights.subject()) + "@" + Json.word(rights.issuer()) + scope;
    }

    private static String words(List<String> words) {
        return words.isEmpty() ? NOTHING : String.join(" ", words);
    }

    private static List<String> flags(SaEntry entry) {
        return entry.flags().stream().map(Enum::name).toList();
    }

    /** What is not known of a LARVAL SA shows as nothing. */
    private static String of(SaEntry entry, Function<SaParameters, String> fact) {
        return entry.parameters().map(fact).orElse(NOTHING);
    }

    /** Outbound: the next number. Inbound: the edge of the window, the highest number accepted. */
    private static String position(SaEntry entry) {
        long next = entry.usage().nextSequence();
        if (entry.direction() == Direction.OUTBOUND) {
            return Long.toString(next);
        }
        return next == 0 ? NOTHING : Long.toString(next - 1);
    }

    private static String refusals(SaUsage usage) {
        StringBuilder text = new StringBuilder();
        for (DiscardReason reason : DiscardReason.values()) {
            Long count = usage.discarded().get(reason);
            if (count != null) {
                text.append(text.isEmpty() ? "" : " ")
                        .append(reason.name())
                        .append('=')
                        .append(count);
            }
        }
        return text.isEmpty() ? NOTHING : text.toString();
    }

    private static String line(List<String> cells) {
        return Printer.cells(cells, COLUMNS.stream().map(Column::width).toList());
    }

    private record Column(String title, int width, BiFunction<SaEntry, Instant, String> value) {
        String cell(SaEntry entry, Instant now) {
            return value.apply(entry, now);
        }
    }
}
