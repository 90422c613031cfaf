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
                .add(RecordBenchmark.class, 1, "connectionId=false", "octets=" + String.join(",", sizes))
                .add(RecordBenchmark.class, 1, "connectionId=true", "octets=64")
                .add(AeadBenchmark.class, 1, "algorithm=AES_128_CCM_8", "owner=SAMD", "octets=64")
                .run();
        Table table = new Table(
                "DTLS 1.2 record, TLS_PSK_WITH_AES_128_CCM_8, ns (octets allocated)",
                "operation",
                "octets",
                "samd record layer",
                "samd engine",
                "Scandium 3.14",
                "ratio of the engine");
        for (String octets : sizes) {
            rows(table, results, false, octets);
        }
        rows(table, results, true, "64");
        Targets targets = new Targets("Records of 64 octets through the engine")
                .atLeast("seal, times Scandium's throughput", 3, ratio(results, "seal", false, "64"))
                .atLeast("open, times Scandium's throughput", 4.5, ratio(results, "open", false, "64"));
        for (String method : METHODS) {
            Series bare = results.nanoseconds(
                    AeadBenchmark.class, method, 1, "algorithm=AES_128_CCM_8", "owner=" + Owner.SAMD, "octets=64");
            double times =
                    nanoseconds(results, method, Layer.SAMD_ENGINE, false, "64").median() / bare.median();
            targets.atMost(method + ", times the bare AEAD", 1.5, times);
        }
        return table + targets.toString();
    }

    private static void rows(Table table, JmhResults results, boolean connectionId, String octets) {
        for (String method : METHODS) {
            table.row(
                    method + (connectionId ? ", with connection ID" : ""),
                    octets,
                    cell(results, method, Layer.SAMD, connectionId, octets),
                    cell(results, method, Layer.SAMD_ENGINE, connectionId, octets),
                    cell(results, method, Layer.SCANDIUM, connectionId, octets),
                    Table.ratio(ratio(results, method, connectionId, octets)));
        }
    }

    private static Series nanoseconds(
            JmhResults results, String method, Layer layer, boolean connectionId, String octets) {
        return results.nanoseconds(RecordBenchmark.class, method, 1, parameters(layer, connectionId, octets));
    }

    private static String[] parameters(Layer layer, boolean connectionId, String octets) {
        return new String[] {"layer=" + layer, "connectionId=" + connectionId, "octets=" + octets};
    }

    private static String cell(JmhResults results, String method, Layer layer, boolean connectionId, String octets) {
        Series allocated = results.octets(RecordBenchmark.class, method, 1, parameters(layer, connectionId, octets));
        return Table.number(nanoseconds(results, method, layer, connectionId, octets)
                        .median()) + " (" + Table.number(allocated.median()) + ")";
    }

    private static double ratio(JmhResults results, String method, boolean connectionId, String octets) {
        return nanoseconds(results, method, Layer.SCANDIUM, connectionId, octets)
                        .least()
                / nanoseconds(results, method, Layer.SAMD_ENGINE, connectionId, octets)
                        .median();
    }
}
