// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Soft and hard limits; 0 or unsaid is no limit but that of the algorithm. */
final class LifetimeOptions {
    @Option(names = "--soft-time", paramLabel = "D", description = "90s, 15m, 2h, 7d, seconds, or ISO-8601.")
    private @Nullable Duration softTime;

    @Option(names = "--hard-time", paramLabel = "D", description = "As --soft-time.")
    private @Nullable Duration hardTime;

    @Option(names = "--soft-use-time", paramLabel = "D", description = "From the first use on.")
    private @Nullable Duration softUseTime;

    @Option(names = "--hard-use-time", paramLabel = "D", description = "From the first use on.")
    private @Nullable Duration hardUseTime;

    @Option(names = "--soft-records", paramLabel = "N", description = "Records sealed, or accepted.")
    private @Nullable Long softRecords;

    @Option(names = "--hard-records", paramLabel = "N", description = "Records sealed, or accepted.")
    private @Nullable Long hardRecords;

    @Option(names = "--soft-octets", paramLabel = "N", description = "Octets of plaintext.")
    private @Nullable Long softOctets;

    @Option(names = "--hard-octets", paramLabel = "N", description = "Octets of plaintext.")
    private @Nullable Long hardOctets;

    /** Whether any limit is said. */
    boolean said() {
        return Stream.of(softTime, hardTime, softUseTime, hardUseTime, softRecords, hardRecords, softOctets, hardOctets)
                .anyMatch(limit -> limit != null);
    }

    Lifetime lifetime() {
        return new Lifetime(
                limits(softTime, softUseTime, softRecords, softOctets),
                limits(hardTime, hardUseTime, hardRecords, hardOctets));
    }

    private static Limits limits(
            @Nullable Duration time, @Nullable Duration useTime, @Nullable Long records, @Nullable Long octets) {
        return new Limits(orZero(time), orZero(useTime), orZero(records), orZero(octets), 0);
    }

    private static Duration orZero(@Nullable Duration time) {
        return time == null ? Duration.ZERO : time;
    }

    private static long orZero(@Nullable Long number) {
        return number == null ? 0 : number;
    }
}
