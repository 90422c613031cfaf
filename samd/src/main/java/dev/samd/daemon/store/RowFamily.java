// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.nio.charset.StandardCharsets;

/** The kinds of rows. */
enum RowFamily {
    /** Rows of which there is one each. */
    META("default"),
    /** SAs, by id. */
    SA("sa"),
    /** Their keys, by id. */
    KEYS("keys"),
    /** Pairs, by id. */
    PAIR("pair"),
    /** What is known of keys, by print; never deleted. */
    KEY("key"),
    /** Marks of SAs, by id. */
    MARK("mark"),
    /** What SAs were used for, by id. */
    USAGE("usage"),
    /** Where the numbers of SAs stood at a clean stop, by id. */
    NOTE("note"),
    /** Answers to requests that may come again. */
    ANSWER("answer"),
    /** Rows that could not be read, as they were. */
    DAMAGED("damaged");

    private final String label;

    RowFamily(String label) {
        this.label = label;
    }

    /** As the store calls it. */
    String label() {
        return label;
    }

    byte[] octets() {
        return label.getBytes(StandardCharsets.US_ASCII);
    }
}
