// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import java.util.Locale;

/** What a caller is to the daemon (protocols 5.12). A caller may have several roles. Nobody sees keys. */
public enum Role {
    /** Installs SAs under the KMP names it is given; updates and deletes what it installed, and sees nothing else. */
    KMP,
    /** Protects and unprotects by the SAs of its own local endpoints, and sees nothing else. */
    APP,
    /** Lists everything, deletes and flushes, changes policies. Uses no SA. */
    OPERATOR,
    /** Reads everything, and changes nothing. */
    AUDITOR;

    /** As the configuration and the API write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
