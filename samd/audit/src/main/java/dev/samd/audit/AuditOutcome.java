// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import java.util.Locale;

/** What became of it. */
public enum AuditOutcome {
    /** It is about to be tried; a line with what became of it follows, unless the daemon dies between. */
    INTENDED,
    /** It happened. */
    DONE,
    /** It was refused; nothing changed. */
    REFUSED,
    /** It ended without an answer that says whether it happened. */
    UNKNOWN;

    /** The word in the line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
