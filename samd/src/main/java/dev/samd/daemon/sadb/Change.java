// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import dev.samd.sa.SecurityAssociation;
import java.util.Set;

/** One change of the database: what the store makes durable and the record engine then follows, in this order. */
public sealed interface Change {
    /** The SA as it is after the change. */
    SadbEntry entry();

    /** An SPI was reserved. Nothing to do for the engine. */
    record Reserved(SadbEntry entry) implements Change {}

    /**
     * An SA has its keys and may be used.
     *
     * @param sa the SA with its keys, owned by the engine from here on
     * @param supersedes the pair that its pair replaces, or {@link PairId#NONE}
     * @param scope the peers that it may be used for
     * @param mark the engine seals, or accepts, below this number
     */
    record Installed(SadbEntry entry, SecurityAssociation sa, PairId supersedes, Set<Endpoint> scope, long mark)
            implements Change {
        public Installed {
            scope = Set.copyOf(scope);
        }
    }

    /** Other limits, and perhaps another state. */
    record Relimited(SadbEntry entry) implements Change {}

    /** MATURE became DYING. */
    record Aged(SadbEntry entry) implements Change {}

    /**
     * The SA is DEAD.
     *
     * @param installed whether it had keys: a LARVAL one had none
     * @param closeNotify whether its last record is a close_notify for the peer
     */
    record Ended(SadbEntry entry, boolean installed, boolean closeNotify) implements Change {}
}
