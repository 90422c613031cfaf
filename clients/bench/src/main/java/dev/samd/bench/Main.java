// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.util.List;

/**
 * {@code bench [--quick] [--rounds N] [aead] [record] [message] [grpc] [scale] [soak [--minutes N]]}: measures, and prints
 * tables.
 */
public final class Main {
    private static final int BAD_USAGE = 2;

    private Main() {}

    /**
     * Measures what the arguments ask for.
     *
     * @param arguments see {@link Plan#parse}
     */
    public static void main(String[] arguments) {
        Plan plan;
        try {
            plan = Plan.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(BAD_USAGE);
            return;
        }
        System.out.printf(
                "Java %s, %d processors, %d round(s)%s%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                plan.rounds(),
                plan.quick() ? ", quick: the figures are worth little" : "");
        for (Plan.Part part : Plan.Part.values()) {
            if (plan.parts().contains(part)) {
                System.out.print(report(part, plan));
                System.out.flush();
            }
        }
    }

    private static String report(Plan.Part part, Plan plan) {
        return switch (part) {
            case AEAD -> AeadReport.run(plan);
            case RECORD -> RecordReport.run(plan);
            case MESSAGE -> MessageReport.run(plan);
            case GRPC -> GrpcReport.run(plan);
            case SCALE -> ScaleReport.run(plan);
            case SOAK -> SoakReport.run(plan);
        };
    }
}
