// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

/**
 * Yes or no, and why.
 *
 * @param allowed yes
 * @param rule the name of the rule that decides; empty where none does
 * @param why in a sentence
 */
public record Decision(boolean allowed, String rule, String why) {
    static Decision yes(Rule rule, String why) {
        return new Decision(true, rule.name(), why);
    }

    static Decision no(String why) {
        return new Decision(false, "", why);
    }
}
