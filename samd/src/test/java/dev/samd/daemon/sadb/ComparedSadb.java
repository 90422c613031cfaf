// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A database of SAs as both sides of the comparison show it: SPIs of 32 bits, states and events in the words of RFC 2367. */
interface ComparedSadb {
    /**
     * What a call came to.
     *
     * @param granted whether it was done
     * @param words why not, as the database says it; empty if granted
     */
    record Answer(boolean granted, String words) {
        static final Answer GRANTED = new Answer(true, "");

        static Answer refused(String words) {
            return new Answer(false, words);
        }
    }

    /** GETSPI out of a range; equal bounds ask for exactly that SPI. */
    Answer allocSpi(long min, long max);

    /** ADD with a key that {@code key} stands for. Limits of time in whole seconds, zero for none. */
    Answer add(long spi, int key, Duration soft, Duration hard);

    /** UPDATE with a key. */
    Answer update(long spi, int key);

    /** GET. */
    Answer get(long spi);

    /** DELETE. */
    Answer delete(long spi);

    /** FLUSH of everything. */
    Answer flush();

    /** State by SPI, "LARVAL" or "MATURE" or "DYING". */
    Map<Long, String> states();

    /** Lets pass what this database gives a LARVAL SA. */
    void passLarvalTime();

    /** Lets time pass until the event is told, or a second more than {@code time} where time is injected. */
    void passUntil(String event, Duration time);

    /** What was told since the last time it was asked: "DELETE 1000", "EXPIRE HARD 1000", "FLUSH". SPIs in hexadecimal. */
    List<String> events();
}
