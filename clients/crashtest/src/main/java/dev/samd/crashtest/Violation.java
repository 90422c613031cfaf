// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.function.Predicate;

/**
 * Something that must never be.
 *
 * @param words what
 * @param evidence the entries of the journal that belong to it
 */
record Violation(String words, Predicate<Entry> evidence) {
    /** A violation that no one SA or record is to blame for. */
    static Violation of(String words) {
        return new Violation(words, entry -> false);
    }
}
