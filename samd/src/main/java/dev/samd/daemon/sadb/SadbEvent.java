// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.ExpireCause;
import java.time.Instant;
import java.util.Optional;

/** What everybody is told about a change: the messages that PF_KEY sends to every socket. Never with keys. */
public sealed interface SadbEvent {
    /** The number of the change. Numbers of consecutive events are consecutive. */
    long revision();

    /** When it happened. */
    Instant time();

    /** The SA as it is after the change; empty where the event is about none. */
    Optional<SadbEntry> about();

    /** Who asked for it; empty if nobody did. */
    String principal();

    /** An event about one SA. */
    sealed interface OfEntry extends SadbEvent {
        /** The SA as it is after the change. */
        SadbEntry entry();

        @Override
        default long revision() {
            return entry().revision();
        }

        @Override
        default Optional<SadbEntry> about() {
            return Optional.of(entry());
        }
    }

    /** An SPI was reserved. */
    record Reserved(SadbEntry entry, Instant time, String principal) implements OfEntry {}

    /** An SA was added. */
    record Added(SadbEntry entry, Instant time, String principal) implements OfEntry {}

    /** A LARVAL SA was completed, or limits changed. */
    record Updated(SadbEntry entry, Instant time, String principal) implements OfEntry {}

    /** An SA was deleted. */
    record Deleted(SadbEntry entry, Instant time, String principal) implements OfEntry {}

    /** A limit was met: a soft one, or a hard one. */
    record Expired(SadbEntry entry, Instant time, boolean hard, ExpireCause cause) implements OfEntry {
        @Override
        public String principal() {
            return "";
        }
    }

    /** Failed openings reached the alarm level. Nothing stops yet. */
    record Alarmed(SadbEntry entry, Instant time) implements OfEntry {
        @Override
        public String principal() {
            return "";
        }
    }

    /**
     * Other policies stand.
     *
     * @param count how many
     */
    record PoliciesChanged(long revision, Instant time, String principal, long count) implements SadbEvent {
        @Override
        public Optional<SadbEntry> about() {
            return Optional.empty();
        }
    }

    /**
     * SAs were flushed; one {@link Deleted} for each came before.
     *
     * @param count how many
     */
    record Flushed(long revision, Instant time, String principal, long count) implements SadbEvent {
        @Override
        public Optional<SadbEntry> about() {
            return Optional.empty();
        }
    }
}
