// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

/**
 * One line of the list: which requests, and what is wanted for them.
 *
 * @param selector which requests
 * @param entry what is wanted
 */
public record Policy(PolicySelector selector, PolicyEntry entry) {
    /** Its name, unique in the list. */
    public String name() {
        return entry.name();
    }
}
