// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.CipherSuite;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A daemon.
 *
 * @param version of the program
 * @param instance random name of its run
 * @param pid its process
 * @param started when its run began
 * @param store where SAs are kept; {@code memory}: they are forgotten when the daemon stops
 * @param saCount SAs that are not DEAD
 * @param cursor where its SA database is
 * @param suites that records can be made with
 * @param refused what went against callers since the start; empty for a caller who does not see everything
 */
public record DaemonInfo(
        String version,
        String instance,
        long pid,
        Instant started,
        String store,
        long saCount,
        Cursor cursor,
        List<CipherSuite> suites,
        Optional<Refused> refused) {
    public DaemonInfo {
        suites = List.copyOf(suites);
    }

    /**
     * What went against callers.
     *
     * @param denied calls and items that no rule allows
     * @param overQuota calls and items beyond a quota
     * @param failedAuthentications connections over TLS without a certificate that counts
     */
    public record Refused(long denied, long overQuota, long failedAuthentications) {}
}
