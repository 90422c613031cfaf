// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a caller may make a call.
 *
 * @param process a process of the daemon's host; null for somebody with a certificate
 * @param san SPIFFE id, or {@code dns:} and a name; empty for a process
 * @param verb the call, {@code SadbService/Delete}, or {@code delete} where one service alone has such a call
 * @param sa the SA it is about
 * @param endpoint the local endpoint that it states, {@code host} for none stated; empty if that does not matter
 * @param kmp the KMP it is made for; empty if that does not matter
 * @param socket where the caller comes in, {@code app} or {@code admin}; empty for where everything is served
 */
public record AccessQuestion(
        @Nullable LocalProcess process,
        String san,
        String verb,
        Optional<SaId> sa,
        String endpoint,
        String kmp,
        String socket) {
    /**
     * A process.
     *
     * @param uid user
     * @param gid primary group
     * @param groups supplementary groups
     */
    public record LocalProcess(long uid, long gid, List<Long> groups) {
        public LocalProcess {
            groups = List.copyOf(groups);
        }
    }
}
