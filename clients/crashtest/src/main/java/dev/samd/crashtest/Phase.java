// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.Locale;

/** When a daemon is killed. */
enum Phase {
    /** Before it serves. */
    DURING_START,
    /** As soon as it serves, or a moment later. */
    AFTER_START,
    /** When it has acknowledged a change of an SA. */
    AFTER_ACKNOWLEDGEMENT,
    /** When clients of both hosts have been served again, and some time later. */
    UNDER_LOAD;

    /** As it is printed. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
