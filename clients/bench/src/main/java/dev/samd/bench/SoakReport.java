// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One daemon under a steady load, with SAs that come, are re-keyed and go: whether it takes more and more of anything. */
final class SoakReport {
    /** The flags of {@code bin/samd}, and a heap of which the growth would be seen. */
    private static final List<String> FLAGS = List.of("-Xmx512m", "-XX:+UseSerialGC");

    private static final double LOAD = 0.7;
    private static final int POINTS = 6;
    private static final int MEBI = 1 << 20;

    private final DaemonSpace space;
    private final long soakNanos;
    private final long measureNanos;

    private SoakReport(DaemonSpace space, Plan plan) {
        this.space = space;
        this.soakNanos = plan.quick() ? TimeUnit.SECONDS.toNanos(30) : TimeUnit.MINUTES.toNanos(plan.minutes());
        this.measureNanos = TimeUnit.SECONDS.toNanos(plan.quick() ? 3 : 15);
    }

    static String run(Plan plan) {
        return DaemonSpace.during("soak", plan, space -> new SoakReport(space, plan).run());
    }

    private String run() throws IOException {
        try (Children.Child daemon = space.start(FLAGS)) {
            try (GrpcClient client = new GrpcClient(space.socket())) {
                DaemonSetup.install(client.channel());
            }
            try (Paced load = new Paced(space.socket(), GrpcTarget.daemon());
                    Rekeying changes = new Rekeying(space.socket())) {
                return soak(daemon, load, changes);
            }
        }
    }

    /**
     * A moment of the soak.
     *
     * @param keys that were installed so far, of pairs that are re-keyed
     */
    private record Point(Vitals vitals, long keys) {}

    private String soak(Children.Child daemon, Paced load, Rekeying changes) throws IOException {
        Progress.say("soak, what it can do");
        load.run(Paced.UNBOUNDED, Paced.UNBOUNDED, System.nanoTime() + measureNanos);
        Paced.Counts warm = load.counts();
        long begin = System.nanoTime();
        load.run(Paced.UNBOUNDED, Paced.UNBOUNDED, begin + measureNanos);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Paced.Counts most = load.counts().minus(warm);
        double items = LOAD * most.items() / seconds;
        double calls = LOAD * most.calls() / seconds;
        Table points = new Table(
                "A soak of " + TimeUnit.NANOSECONDS.toSeconds(soakNanos) + " s",
                "after, s",
                "items/s",
                "calls/s",
                "re-keys",
                "live heap, MiB",
                "resident, MiB",
                "threads",
                "descriptors",
                "store, MiB");
        List<Point> found = new ArrayList<>();
        long start = System.nanoTime();
        for (int point = 0; point <= POINTS; point++) {
            Paced.Counts before = load.counts();
            long slice = System.nanoTime();
            // The first point stands some seconds behind the start: what is made once is there by then.
            load.run(items, calls, point == 0 ? slice + measureNanos : start + soakNanos * point / POINTS);
            double length = (System.nanoTime() - slice) / 1e9;
            Paced.Counts now = load.counts().minus(before);
            Rekeying.Counts changed = changes.counts();
            Vitals vitals = Vitals.of(daemon, space.state());
            found.add(new Point(vitals, 2 * (changed.installed() + changed.rekeyed())));
            points.row(
                    Table.number((System.nanoTime() - start) / 1e9),
                    Table.number(now.items() / length),
                    Table.number(now.calls() / length),
                    changed.rekeyed(),
                    mebibytes(vitals.heapOctets()),
                    mebibytes(vitals.residentKibibytes() * 1024),
                    vitals.threads(),
                    vitals.descriptors(),
                    mebibytes(vitals.storeOctets()));
            Progress.say("soak, point " + point + " of " + POINTS + ": " + vitals);
        }
        return points + summary(most, seconds, load.counts(), changes.counts(), found);
    }

    private static String summary(
            Paced.Counts most, double seconds, Paced.Counts load, Rekeying.Counts changes, List<Point> points) {
        Vitals first = points.get(0).vitals();
        Vitals last = points.get(POINTS).vitals();
        // By then the log of events, which is bounded, is full.
        Vitals half = points.get(POINTS / 2).vitals();
        long keys = points.get(POINTS).keys() - points.get(POINTS / 2).keys();
        Table table = new Table("Soak: sums", "what", "measured")
                .row(
                        "the most at once, items/s and calls/s",
                        Table.number(most.items() / seconds) + " and " + Table.number(most.calls() / seconds))
                .row("items and calls answered", load.items() + load.calls())
                .row("items and calls refused", load.refused())
                .row(
                        "pairs installed, re-keyed, deleted",
                        changes.installed() + ", " + changes.rekeyed() + ", " + changes.deleted())
                .row("changes refused", changes.refused())
                .row(
                        "live heap added since half time for each key installed since, octets",
                        Table.number((last.heapOctets() - half.heapOctets()) / (double) Math.max(1, keys)));
        Targets targets = new Targets("soak")
                .atMost("items, calls and changes refused", 0, (double) load.refused() + changes.refused())
                .atMost("live heap, end to half time", 1.1, (double) last.heapOctets() / half.heapOctets())
                .atMost("threads, last to first", 1, (double) last.threads() / first.threads())
                .atMost("descriptors, last to first", 1.1, (double) last.descriptors() / first.descriptors())
                .atMost(
                        "store at most, MiB",
                        256,
                        points.stream()
                                        .mapToLong(point -> point.vitals().storeOctets())
                                        .max()
                                        .orElse(0)
                                / (double) MEBI);
        return table + targets.toString();
    }

    private static String mebibytes(long octets) {
        return Table.number(octets / (double) MEBI);
    }
}
