// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Soft and hard limits; 0 or unsaid is no limit but that of the algorithm. */
final class LifetimeOptions {
    @Option(names = "--soft-time", paramLabel = "D", description = "90s, 15m, 2h, 7d, seconds, or ISO-8601.")
    private Duration softTime = Duration.ZERO;

    @Option(names = "--hard-time", paramLabel = "D", description = "As --soft-time.")
    private Duration hardTime = Duration.ZERO;

    @Option(names = "--soft-records", paramLabel = "N", description = "Records sealed, or accepted.")
    private long softRecords;

    @Option(names = "--hard-records", paramLabel = "N", description = "Records sealed, or accepted.")
    private long hardRecords;

    @Option(names = "--soft-octets", paramLabel = "N", description = "Octets of plaintext.")
    private long softOctets;

    @Option(names = "--hard-octets", paramLabel = "N", description = "Octets of plaintext.")
    private long hardOctets;

    Lifetime lifetime() {
        return new Lifetime(
                new Limits(softTime, Duration.ZERO, softRecords, softOctets, 0),
                new Limits(hardTime, Duration.ZERO, hardRecords, hardOctets, 0));
    }
}
