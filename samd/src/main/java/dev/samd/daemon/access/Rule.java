// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Glob;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule: whom it is for, and what it gives. All rules that fit a caller give together.
 *
 * @param name what explanations call it
 * @param uids users it is for; empty for all
 * @param gids groups it is for, primary and supplementary; empty for all
 * @param sans patterns of subject alternative names it is for; a rule that has some fits no process of the host
 * @param roles what the caller is
 * @param endpoints an app: patterns of the local endpoints it owns, {@link #HOST} for host-wide SAs, {@code *} for all
 * @param directions an app: OUTBOUND to protect, INBOUND to unprotect
 * @param kmps a kmp: patterns of the names it may have; {@code manual} for keys by hand
 * @param quota what the caller may take; null if the rule does not say
 */
public record Rule(
        String name,
        Set<Integer> uids,
        Set<Integer> gids,
        List<String> sans,
        Set<Role> roles,
        List<String> endpoints,
        Set<Direction> directions,
        List<String> kmps,
        @Nullable Quota quota) {
    /** The word for the SAs that serve every endpoint of the host. */
    public static final String HOST = "host";

    /** Every endpoint, or every KMP. */
    public static final String ALL = "*";

    public Rule {
        uids = Set.copyOf(uids);
        gids = Set.copyOf(gids);
        sans = List.copyOf(sans);
        roles = Set.copyOf(roles);
        endpoints = List.copyOf(endpoints);
        directions = Set.copyOf(directions);
        kmps = List.copyOf(kmps);
    }

    /** A rule for users that gives every role, all endpoints and all KMPs, without a quota. */
    static Rule everything(String name, Set<Integer> uids) {
        return new Rule(
                name,
                uids,
                Set.of(),
                List.of(),
                Set.of(Role.values()),
                List.of(ALL),
                Set.of(Direction.values()),
                List.of(ALL),
                Quota.UNLIMITED);
    }

    /** Whether it is for a caller. */
    boolean fits(Principal caller) {
        if (caller instanceof Principal.Local process) {
            return sans.isEmpty()
                    && (uids.isEmpty() || uids.contains(process.uid()))
                    && (gids.isEmpty() || process.isIn(gids));
        }
        return caller instanceof Principal.Certified certified
                && sans.stream().anyMatch(pattern -> Glob.fits(pattern, certified.san()));
    }

    /** Whether an app of this rule owns the SAs of a local endpoint. */
    boolean owns(Endpoint local) {
        for (String pattern : endpoints) {
            if (pattern.equals(ALL) || (local.isHostWide() ? pattern.equals(HOST) : Glob.fits(pattern, local.uri()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a KMP of this rule may have a name. */
    boolean names(String kmp) {
        return kmps.stream().anyMatch(pattern -> Glob.fits(pattern, kmp));
    }
}
