// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.bench.JmhRun.JmhResults;
import dev.samd.bench.MessageBenchmark.Protection;
import java.util.List;
import java.util.Map;

/** Whole messages beside OSCORE's, on one thread and on two, with one SA and with a million. */
final class MessageReport {
    private static final List<String> METHODS = List.of("protect", "unprotect");
    private static final int MILLION = 1_000_000;

    private MessageReport() {}

    static String run(Plan plan) {
        JmhResults results = new JmhRun(plan)
                .add(MessageBenchmark.class, 1)
                .add(MessageBenchmark.class, 2, "protection=SAMD")
                .run();
        Table table = new Table(
                "Whole message, PUT with 64 octets of payload, octets to octets, ns (octets allocated)",
                "operation",
                "samd",
                "cf-oscore 3.13.0",
                "ratio",
                "samd, two threads",
                "throughput of two");
        Targets targets = new Targets("Messages");
        for (String method : METHODS) {
            double ratio = nanoseconds(results, method, 1, Protection.OSCORE).least()
                    / nanoseconds(results, method, 1, Protection.SAMD).median();
            double two = 2
                    * nanoseconds(results, method, 1, Protection.SAMD).median()
                    / nanoseconds(results, method, 2, Protection.SAMD).median();
            table.row(
                    method,
                    cell(results, method, 1, Protection.SAMD),
                    cell(results, method, 1, Protection.OSCORE),
                    Table.ratio(ratio),
                    cell(results, method, 2, Protection.SAMD),
                    Table.ratio(two));
            targets.atLeast(method + ", times cf-oscore's throughput", 7, ratio)
                    .atMost(
                            method + ", octets allocated",
                            1_500,
                            octets(results, method, 1, Protection.SAMD).median())
                    .atLeast(method + ", two threads, times one", 1.7, two);
        }
        return table.toString() + crowd(plan, targets) + targets;
    }

    private static Series nanoseconds(JmhResults results, String method, int threads, Protection protection) {
        return results.nanoseconds(MessageBenchmark.class, method, threads, "protection=" + protection);
    }

    private static Series octets(JmhResults results, String method, int threads, Protection protection) {
        return results.octets(MessageBenchmark.class, method, threads, "protection=" + protection);
    }

    private static String cell(JmhResults results, String method, int threads, Protection protection) {
        return Table.number(nanoseconds(results, method, threads, protection).median()) + " ("
                + Table.number(octets(results, method, threads, protection).median()) + ")";
    }

    private static Table crowd(Plan plan, Targets targets) {
        List<Integer> sizes = plan.quick() ? List.of(2, 100_000) : List.of(2, 1_000, 100_000, MILLION);
        Table table = new Table(
                "SAs in one engine, messages to random ones",
                "SAs",
                "protect, ns",
                "unprotect, ns",
                "heap per SA, octets");
        Map<Integer, Crowd.Cost> costs = Crowd.measure(plan, sizes);
        costs.forEach((size, cost) -> table.row(
                size,
                Table.number(cost.protect()),
                Table.number(cost.unprotect()),
                size < 10_000 ? "" : Table.number(cost.heapPerSa())));
        int most = sizes.get(sizes.size() - 1);
        Crowd.Cost few = cost(costs, sizes.get(0));
        Crowd.Cost many = cost(costs, most);
        targets.atMost("protect, " + most + " SAs, times one pair", 2, many.protect() / few.protect())
                .atMost("unprotect, " + most + " SAs, times one pair", 2, many.unprotect() / few.unprotect())
                .atMost("octets of heap per SA at " + most, 512, many.heapPerSa());
        return table;
    }

    private static Crowd.Cost cost(Map<Integer, Crowd.Cost> costs, int size) {
        Crowd.Cost cost = costs.get(size);
        if (cost == null) {
            throw new IllegalStateException(size + " SAs were not measured, but " + costs.keySet());
        }
        return cost;
    }
}
