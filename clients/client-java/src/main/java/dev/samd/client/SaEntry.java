// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.Spi;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One SA as the daemon shows it. Never with keys.
 *
 * @param id the daemon's name of it
 * @param revision of the last change
 * @param state of the SA
 * @param direction as the daemon sees it
 * @param spi of its records
 * @param peer the other side's name
 * @param local the endpoint that may use it, or {@link Endpoint#HOST_WIDE}
 * @param parameters everything else that may be known; empty while LARVAL
 * @param membership its place in a pair
 * @param flags what is out of the ordinary
 * @param scope the peers it may be used for
 * @param usage what it has been used for
 * @param added when it was installed
 * @param expires when the nearest hard limit of time ends it, as far as is known
 * @param owner the principal that installed it, {@code uid:1000}
 * @param acquireSequence the acquire that it answered, unsigned; 0 for none
 */
public record SaEntry(
        SaId id,
        long revision,
        SaState state,
        Direction direction,
        Spi spi,
        Endpoint peer,
        Endpoint local,
        Optional<SaParameters> parameters,
        PairMembership membership,
        Set<Flag> flags,
        List<Endpoint> scope,
        SaUsage usage,
        Instant added,
        Optional<Instant> expires,
        String owner,
        int acquireSequence) {
    public SaEntry {
        flags = flags.isEmpty() ? EnumSet.noneOf(Flag.class) : EnumSet.copyOf(flags);
        scope = List.copyOf(scope);
    }

    /** What is out of the ordinary with an SA. */
    public enum Flag {
        /** The peer has not yet proven to hold the keys. */
        UNCONFIRMED,
        /** May answer on its own pair, but is never chosen for a request. */
        RESPONSE_ONLY,
        /** Neither protects nor unprotects, because its numbers may have gone back. */
        SUSPENDED
    }
}
