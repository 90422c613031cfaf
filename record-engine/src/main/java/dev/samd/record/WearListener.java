// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.ExpireCause;

/**
 * Is told what happens to an SA while it is used.
 *
 * <p>Calls come on the path of records, from whatever thread uses the SA, and each event once. An implementation must be
 * thread-safe, must not block and must not throw: it notes the event for somebody else and returns.
 */
public interface WearListener {
    /** Wants to know nothing. */
    WearListener NONE = new WearListener() {};

    /** A soft limit was met: the KMP should be asked for a successor. Once per cause, until the limits are changed. */
    default void soft(ExpireCause cause) {}

    /**
     * A hard limit was met: the SA refuses its service from the next record on. Once per cause, until the limits are
     * changed.
     */
    default void hard(ExpireCause cause) {}

    /** So many openings have failed that somebody should look. Algorithms with tags of 8 octets only. */
    default void alarm(long failedOpenings) {}

    /** Openings have failed once more, or so many more that the count should not be forgotten by a crash. */
    default void failedStep() {}

    /** The first record was sealed, or the first one accepted. */
    default void used() {}

    /**
     * Half of the block below the send mark is left: time to raise it. Once per mark.
     *
     * @param current the send mark
     */
    default void sendMarkWanted(long current) {}

    /**
     * Half of the block below the accept mark is used: time to raise it. Once per mark.
     *
     * @param current the accept mark
     */
    default void acceptMarkWanted(long current) {}
}
