// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One thing that happened.
 *
 * @param kind what
 * @param millis when, since the journal began
 * @param host index of the daemon
 * @param subject the SPI of a record, as a number, or the id of an SA; 0 where there is none
 * @param number the sequence number of a record, the lifetime of an SA in seconds, or milliseconds; 0 where there is none
 */
record Entry(Kind kind, int millis, int host, long subject, long number) {
    static final int LENGTH = 22;

    /** What can happen. */
    enum Kind {
        /** A daemon returned a protected record. */
        SEALED("returned record"),
        /** A daemon released what a record carries. */
        RELEASED("released record"),
        /** A daemon did not take a record that it had never released. */
        REFUSED("refused record"),
        /** A daemon acknowledged an SA. */
        INSTALLED("acknowledged the installation of SA"),
        /** A daemon acknowledged an SPI, as an SA without keys and lifetime; the number says how many ms it may be old. */
        RESERVED("acknowledged the reservation of SA"),
        /** A daemon is asked for another lifetime of an SA, or for a first one. */
        LIFETIME_ASKED("is asked for a lifetime of SA"),
        /** It acknowledged that. */
        LIFETIME_CHANGED("acknowledged a lifetime of SA"),
        /** A daemon is asked to end an SA. */
        DELETE_ASKED("is asked to delete SA"),
        /** It acknowledged that. */
        DELETED("acknowledged the deletion of SA"),
        /** A listing of all SAs begins. */
        LISTING("is asked for its SAs"),
        /** An SA that is in the listing. */
        LISTED("lists SA"),
        /** The listing is complete. */
        LISTING_ENDS("has listed its SAs"),
        /** A daemon is started. */
        STARTED("is started"),
        /** It serves. */
        READY("serves"),
        /** It was killed. */
        KILLED("is killed"),
        /** It was asked to stop, and has. */
        STOPPED("has stopped");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        boolean ofRecords() {
            return this == SEALED || this == RELEASED || this == REFUSED;
        }
    }

    /** Whether it says something about a daemon, not about one of its SAs. */
    boolean ofDaemon() {
        return DAEMONS.contains(kind);
    }

    void writeTo(ByteBuffer out) {
        out.put((byte) KINDS.indexOf(kind))
                .putInt(millis)
                .put((byte) host)
                .putLong(subject)
                .putLong(number);
    }

    static Entry readFrom(ByteBuffer in) {
        return new Entry(KINDS.get(in.get()), in.getInt(), in.get(), in.getLong(), in.getLong());
    }

    @Override
    public String toString() {
        String what = kind.ofRecords()
                ? " " + Long.toHexString(subject) + "/" + number
                : (subject == 0 ? "" : " " + subject) + (number == 0 ? "" : " (" + number + ")");
        return String.format(Locale.ROOT, "%8.3f s  samd %d %s%s", millis / 1e3, host, kind.words, what);
    }

    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final Set<Kind> DAEMONS = EnumSet.of(Kind.STARTED, Kind.READY, Kind.KILLED, Kind.STOPPED);
}
