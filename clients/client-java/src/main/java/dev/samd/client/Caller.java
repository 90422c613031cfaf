// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import java.util.List;

/**
 * A caller as the daemon sees it.
 *
 * @param principal the name under which its references and SAs are kept, {@code uid:1000} or {@code spiffe://…}
 * @param uid user, of a process of the host
 * @param gid primary group of the process
 * @param groups supplementary groups of the process, as far as the daemon knows them
 * @param pid process
 * @param transport where the name comes from: {@code unix} for kernel peer credentials, {@code tls} for a certificate
 * @param socket what is served where it came in: {@code app}, {@code admin}, or {@code any}
 * @param roles what it is: {@code kmp}, {@code app}, {@code operator}, {@code auditor}
 * @param grants the rules that say so
 * @param quota what it may take
 */
public record Caller(
        String principal,
        long uid,
        long gid,
        List<Long> groups,
        long pid,
        String transport,
        String socket,
        List<String> roles,
        List<Grant> grants,
        Quota quota) {
    public Caller {
        groups = List.copyOf(groups);
        roles = List.copyOf(roles);
        grants = List.copyOf(grants);
    }

    /**
     * What one rule gives.
     *
     * @param rule its name
     * @param roles what it makes of the caller
     * @param endpoints an app: patterns of the local endpoints it owns; {@code host} for host-wide SAs
     * @param protect an app: whether it may protect there
     * @param unprotect an app: whether it may unprotect there
     * @param kmps a kmp: patterns of the names it may have
     */
    public record Grant(
            String rule,
            List<String> roles,
            List<String> endpoints,
            boolean protect,
            boolean unprotect,
            List<String> kmps) {
        public Grant {
            roles = List.copyOf(roles);
            endpoints = List.copyOf(endpoints);
            kmps = List.copyOf(kmps);
        }
    }

    /** What a caller may take at most; 0 for no limit but the daemon's. An item of a stream counts as a call. */
    public record Quota(
            long callsPerSecond,
            long callsInFlight,
            long sas,
            long larvalSas,
            long pendingAcquires,
            long watchers,
            long denialsPerSecond) {}
}
