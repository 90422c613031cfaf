// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import java.util.HashSet;
import java.util.List;

/**
 * All rules. What no rule gives is denied.
 *
 * @param rules in the order of the configuration
 * @param defaults what a caller may take for whom no rule says otherwise
 */
public record AccessRules(List<Rule> rules, Quota defaults) {
    public AccessRules {
        rules = List.copyOf(rules);
    }

    /**
     * What holds where nothing is configured: root and the user of the daemon are everything, and nobody else is anything.
     *
     * @param uid user of the daemon
     */
    public static AccessRules standing(int uid) {
        return new AccessRules(
                List.of(Rule.everything("standing: root and the daemon's own user", new HashSet<>(List.of(0, uid)))),
                Quota.DEFAULT);
    }

    /** What a caller may do. */
    public Rights of(Principal caller) {
        List<Rule> fitting = rules.stream().filter(rule -> rule.fits(caller)).toList();
        Quota quota = defaults;
        for (Rule rule : fitting) {
            Quota stated = rule.quota();
            if (stated != null) {
                quota = stated;
                break;
            }
        }
        return new Rights(caller, fitting, quota);
    }
}
