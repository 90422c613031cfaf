// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import java.util.List;

/**
 * Whether a caller may make a call, and why.
 *
 * @param allowed yes
 * @param rule the rule that decides; empty where none does
 * @param steps what was looked at, one sentence each; the last one decides
 */
public record AccessAnswer(boolean allowed, String rule, List<String> steps) {
    public AccessAnswer {
        steps = List.copyOf(steps);
    }
}
