// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

/**
 * Who asks the database, and what it lets this caller see, end and have. Asked on the thread of the database.
 *
 * <p>An SA that a caller does not see does not exist for it: a name that fits such an SA alone is refused like one that fits
 * none, before anything else is looked at.
 */
public interface SadbCaller {
    /** The name under which its SAs are kept, {@code uid:1000}. */
    String principal();

    /** Whether the caller sees an SA. */
    default boolean sees(SadbEntry entry) {
        return true;
    }

    /** Whether the caller may end an SA that it sees. */
    default boolean mayEnd(SadbEntry entry) {
        return true;
    }

    /** SAs that the caller may have at a time. */
    default int mostSas() {
        return Integer.MAX_VALUE;
    }

    /** LARVAL SAs that the caller may have at a time. */
    default int mostLarval() {
        return Integer.MAX_VALUE;
    }

    /** Hears that the caller named an SA that it does not see. */
    default void hidden(SaSelector name, SadbEntry entry) {}

    /** A caller that sees everything, may end everything, and has no quota. */
    static SadbCaller of(String principal) {
        return () -> principal;
    }
}
