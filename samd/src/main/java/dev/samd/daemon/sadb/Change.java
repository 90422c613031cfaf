// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.Policies;
import dev.samd.engine.Confirmation;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Past;
import dev.samd.sa.SecurityAssociation;
import java.util.Optional;

/** One change of the database: what the store makes durable and the record engine then follows, in this order. */
public sealed interface Change {
    /** The revision that it belongs to. */
    long revision();

    /** A change of one SA. */
    sealed interface OfEntry extends Change {
        /** The SA as it is after the change. */
        SadbEntry entry();

        @Override
        default long revision() {
            return entry().revision();
        }
    }

    /** An SPI was reserved. Nothing to do for the engine. */
    record Reserved(SadbEntry entry) implements OfEntry {}

    /**
     * An SA has its keys and may be used for the peers in its scope.
     *
     * @param sa the SA with its keys, owned by the engine from here on
     * @param supersedes the pair that its pair replaces, or {@link PairId#NONE}
     * @param mark the engine seals, or accepts, below this number
     * @param confirmation whether the peer has proven that it holds the keys
     * @param past what it was used for in earlier lives; empty for a new one
     */
    record Installed(
            SadbEntry entry,
            SecurityAssociation sa,
            PairId supersedes,
            long mark,
            Confirmation confirmation,
            Optional<Past> past)
            implements OfEntry {}

    /** Other limits, and perhaps another state. */
    record Relimited(SadbEntry entry) implements OfEntry {}

    /** Something about an SA that is not for the engine. */
    record Noted(SadbEntry entry) implements OfEntry {}

    /** MATURE became DYING. */
    record Aged(SadbEntry entry) implements OfEntry {}

    /** An SA may be used for other peers. */
    record Rescoped(SadbEntry entry) implements OfEntry {}

    /**
     * The SA is DEAD.
     *
     * @param installed whether it had keys: a LARVAL one had none
     * @param closeNotify whether its last record is a close_notify for the peer
     */
    record Ended(SadbEntry entry, boolean installed, boolean closeNotify) implements OfEntry {}

    /**
     * Two pairs were made in the place of one, and one of them takes the place of the other.
     *
     * @param pair the one that ends
     * @param by the one that stands
     */
    record GaveWay(long revision, PairId pair, PairId by) implements Change {}

    /** A pair is new, or has become another. Nothing to do for the engine. */
    record PairNoted(long revision, PairImage pair, KeyMaterial kmpPrivate) implements Change {}

    /** A pair has no SA any more. Nothing to do for the engine. */
    record PairEnded(long revision, PairId pair) implements Change {}

    /** A request was answered, and may come again. Nothing to do for the engine. */
    record Answered(AnswerImage answer) implements Change {
        @Override
        public long revision() {
            return answer.revision();
        }
    }

    /** An answer was given so long ago that it is forgotten. Nothing to do for the engine. */
    record Forgotten(long revision, String principal, Octets requestId) implements Change {}

    /** Other policies stand: every request is held against them from here on. */
    record Governed(long revision, Policies policies) implements Change {}
}
