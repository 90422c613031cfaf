// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What came out. */
final class Report {
    private final List<String> lines = new ArrayList<>();
    private final Optional<Violation> violation;
    private final int kills;

    Report(
            Plan plan,
            Journal journal,
            Figures figures,
            Map<Phase, Integer> kills,
            int cleanRestarts,
            int stopsUnderLoad,
            List<Host> hosts,
            long nanos) {
        this.violation = journal.violation();
        this.kills = kills.values().stream().mapToInt(n -> n).sum();
        line("seed", plan.seed() + ", configuration " + plan.configuration());
        line("time", TimeUnit.NANOSECONDS.toSeconds(nanos) + " s");
        line(
                "kills",
                this.kills + ": "
                        + kills.entrySet().stream()
                                .map(e -> e.getValue() + " " + e.getKey().words())
                                .collect(Collectors.joining(", ")));
        line("clean restarts of both", cleanRestarts + ", nothing skipped, nothing refused");
        line("stops under load", stopsUnderLoad);
        line("start until it serves", starts(hosts));
        line("records returned", number(journal.figures(Checker::sealedRecords)));
        line("records released", number(journal.figures(Checker::releasedRecords)));
        line("numbers skipped", perKill(journal.figures(Checker::skippedNumbers)));
        Map<String, Long> refused = figures.startingWith("refused at first: ");
        line(
                "records refused",
                perKill(refused.getOrDefault("REPLAY", 0L) + refused.getOrDefault("TOO_OLD", 0L)) + "; for all reasons "
                        + refused);
        line("replays", figures.startingWith("replays: "));
        line("forgeries", figures.startingWith("forgeries: "));
        line("calls that failed", figures.startingWith("failed calls: "));
        line(
                "SAs",
                figures.of("SAs installed") + " installed, " + figures.of("SAs deleted") + " deleted, "
                        + figures.of("lifetimes changed") + " lifetimes changed, "
                        + figures.of("SPIs reserved") + " SPIs reserved, " + figures.of("SPIs completed")
                        + " of them completed, " + figures.of("reservations lapsed") + " lapsed, "
                        + figures.of("worn links replaced") + " worn links replaced; "
                        + figures.of("calls of managers made again") + " calls made again");
        violation.ifPresentOrElse(
                found -> {
                    line("VIOLATION", found.words());
                    lines.addAll(journal.trace(found));
                },
                () -> line("violations", "none"));
    }

    private void line(String what, Object value) {
        lines.add(String.format(Locale.ROOT, "%-24s%s", what, value));
    }

    private String perKill(long count) {
        return number(count) + ", " + number(count / Math.max(1, kills)) + " for each kill";
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String starts(List<Host> hosts) {
        List<Integer> millis = hosts.stream()
                .flatMap(host -> host.startMillis().stream())
                .sorted()
                .toList();
        if (millis.isEmpty()) {
            return "never";
        }
        return "median " + millis.get(millis.size() / 2) + " ms, 95 % below "
                + millis.get(millis.size() * 95 / 100) + " ms, longest " + millis.get(millis.size() - 1) + " ms, of "
                + millis.size();
    }

    /** What must not be and is. */
    Optional<Violation> violation() {
        return violation;
    }

    /** How often a daemon was killed. */
    int kills() {
        return kills;
    }

    /** To be printed. */
    List<String> lines() {
        return List.copyOf(lines);
    }
}
