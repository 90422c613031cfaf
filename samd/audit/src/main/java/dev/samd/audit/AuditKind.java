// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import java.util.Locale;

/** What a line is about. */
public enum AuditKind {
    /** The daemon serves from now on. */
    STARTED,
    /** The daemon stops in order. */
    STOPPED,
    /** An SPI is reserved. */
    GETSPI,
    /** SAs are installed: added, or added as a pair. */
    INSTALL,
    /** A LARVAL SA is completed, or limits are changed. */
    UPDATE,
    /** SAs are deleted. */
    DELETE,
    /** SAs met a limit, or their time was up, and nobody asked for it. */
    EXPIRE,
    /** All SAs that a filter lets through are deleted. */
    FLUSH,
    /** The list of policies changes. */
    POLICY,
    /** A KMP registers. */
    REGISTER,
    /** The stream of a registered KMP ended. */
    UNREGISTER,
    /** A KMP asks for what it left with the pairs that it installed, secrets among it. */
    RECALL,
    /** A call was refused because the caller may not make it. */
    DENIED,
    /** A caller did not prove who he is. */
    AUTHENTICATION_FAILED,
    /** The key under which keys are stored is another one. */
    KEY_ROTATED,
    /** The files with certificates changed: the daemon took them, or kept what it had. */
    CERTIFICATES,
    /** The state was copied out. */
    BACKUP,
    /** The first line of a file. */
    OPENED,
    /** Octets before this line are what a crash left of a line. */
    TORN,
    /** Something was not written while writing failed. */
    LOST,
    /** Old files were discarded. */
    DISCARDED;

    /** The word in the line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
