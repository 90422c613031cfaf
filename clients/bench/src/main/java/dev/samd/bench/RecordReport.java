// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.bench.AeadBenchmark.Owner;
import dev.samd.bench.JmhRun.JmhResults;
import dev.samd.bench.RecordBenchmark.Layer;
import java.util.List;

/** Records beside Scandium's. Ratios set our median against the other side's fastest second. */
final class RecordReport {
    private static final List<String> METHODS = List.of("seal", "open");
    private static final List<String> OCTETS = List.of("64", "256", "1024");

    private RecordReport() {}

    static String run(Plan plan) {
        List<String> sizes = plan.quick() ? List.of("64") : OCTETS;
        JmhResults results = new JmhRun(plan)
                .add(RecordBenchmark.class, 1, "octets=" + String.join(",", sizes))
                .add(AeadBenchmark.class, 1, "algorithm=AES_128_CCM_8", "owner=SAMD", "octets=64")
                .run();
        Table table = new Table(
                "DTLS 1.2 record, TLS_PSK_WITH_AES_128_CCM_8 with connection ID, ns (octets allocated)",
                "operation",
                "octets",
                "samd record layer",
                "samd engine",
                "Scandium 3.14",
                "ratio of the engine");
        for (String octets : sizes) {
            for (String method : METHODS) {
                table.row(
                        method,
                        octets,
                        cell(results, method, Layer.SAMD, octets),
                        cell(results, method, Layer.SAMD_ENGINE, octets),
                        cell(results, method, Layer.SCANDIUM, octets),
                        Table.ratio(ratio(results, method, octets)));
            }
        }
        Targets targets = new Targets("Records of 64 octets through the engine")
                .atLeast("seal, times Scandium's throughput", 3, ratio(results, "seal", "64"))
                .atLeast("open, times Scandium's throughput", 4.5, ratio(results, "open", "64"));
        for (String method : METHODS) {
            Series bare = results.nanoseconds(
                    AeadBenchmark.class, method, 1, "algorithm=AES_128_CCM_8", "owner=" + Owner.SAMD, "octets=64");
            double times = nanoseconds(results, method, Layer.SAMD_ENGINE, "64").median() / bare.median();
            targets.atMost(method + ", times the bare AEAD", 1.5, times);
        }
        return table + targets.toString();
    }

    private static Series nanoseconds(JmhResults results, String method, Layer layer, String octets) {
        return results.nanoseconds(RecordBenchmark.class, method, 1, "layer=" + layer, "octets=" + octets);
    }

    private static String cell(JmhResults results, String method, Layer layer, String octets) {
        Series allocated = results.octets(RecordBenchmark.class, method, 1, "layer=" + layer, "octets=" + octets);
        return Table.number(nanoseconds(results, method, layer, octets).median()) + " ("
                + Table.number(allocated.median()) + ")";
    }

    private static double ratio(JmhResults results, String method, String octets) {
        return nanoseconds(results, method, Layer.SCANDIUM, octets).least()
                / nanoseconds(results, method, Layer.SAMD_ENGINE, octets).median();
    }
}
