// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.bench.AeadBenchmark.Owner;
import dev.samd.bench.JmhRun.JmhResults;
import dev.samd.sa.AeadAlgorithm;
import java.util.List;

/** The bare AEAD beside Bouncy Castle's. Ratios set our median against the other side's fastest second. */
final class AeadReport {
    private static final List<String> METHODS = List.of("seal", "open");
    private static final List<String> CCM_OCTETS = List.of("16", "64", "256", "1024");
    private static final List<String> OTHER_OCTETS = List.of("64", "1024");

    private AeadReport() {}

    static String run(Plan plan) {
        List<String> ccm = plan.quick() ? OTHER_OCTETS : CCM_OCTETS;
        JmhResults results = new JmhRun(plan)
                .add(AeadBenchmark.class, 1, "algorithm=AES_128_CCM_8", "octets=" + String.join(",", ccm))
                .add(
                        AeadBenchmark.class,
                        1,
                        "algorithm=AES_128_GCM,CHACHA20_POLY1305",
                        "octets=" + String.join(",", OTHER_OCTETS))
                .run();
        Table table = new Table(
                "AEAD, 13 octets of additional data, ns (octets allocated)",
                "operation",
                "octets",
                "samd",
                "Bouncy Castle 1.84",
                "ratio");
        for (AeadAlgorithm algorithm :
                List.of(AeadAlgorithm.AES_128_CCM_8, AeadAlgorithm.AES_128_GCM, AeadAlgorithm.CHACHA20_POLY1305)) {
            for (String octets : algorithm == AeadAlgorithm.AES_128_CCM_8 ? ccm : OTHER_OCTETS) {
                for (String method : METHODS) {
                    table.row(
                            algorithm + " " + method,
                            octets,
                            cell(results, method, algorithm, Owner.SAMD, octets),
                            cell(results, method, algorithm, Owner.BOUNCY_CASTLE, octets),
                            Table.ratio(ratio(results, method, algorithm, octets)));
                }
            }
        }
        Targets targets = new Targets("AEAD");
        for (String method : METHODS) {
            targets.atLeast(
                    "AES_128_CCM_8 " + method + ", 64 octets, times Bouncy Castle",
                    10,
                    ratio(results, method, AeadAlgorithm.AES_128_CCM_8, "64"));
        }
        return table + targets.toString();
    }

    private static Series nanoseconds(
            JmhResults results, String method, AeadAlgorithm algorithm, Owner owner, String octets) {
        return results.nanoseconds(
                AeadBenchmark.class, method, 1, "algorithm=" + algorithm, "owner=" + owner, "octets=" + octets);
    }

    private static String cell(JmhResults results, String method, AeadAlgorithm algorithm, Owner owner, String octets) {
        Series allocated = results.octets(
                AeadBenchmark.class, method, 1, "algorithm=" + algorithm, "owner=" + owner, "octets=" + octets);
        return Table.number(
                        nanoseconds(results, method, algorithm, owner, octets).median()) + " ("
                + Table.number(allocated.median()) + ")";
    }

    private static double ratio(JmhResults results, String method, AeadAlgorithm algorithm, String octets) {
        return nanoseconds(results, method, algorithm, Owner.BOUNCY_CASTLE, octets)
                        .least()
                / nanoseconds(results, method, algorithm, Owner.SAMD, octets).median();
    }
}
