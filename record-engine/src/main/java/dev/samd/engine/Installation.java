// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;
import dev.samd.sa.History;
import dev.samd.sa.PairId;
import dev.samd.sa.Past;
import java.util.Optional;
import java.util.Set;

/**
 * How an SA is installed: what the SADB decided about it beside its parameters.
 *
 * @param supersedes the pair that its pair replaces, or {@link PairId#NONE}
 * @param scope the peers it may be used for; an outbound SA with an empty scope answers on its own pair only
 * @param mark the send mark of an outbound SA, the accept mark of an inbound one: 0..2^48
 * @param confirmation whether the peer of the pair has proven that it holds the keys; CONFIRMED without a pair
 * @param past what it was used for before; empty for one that is new here
 * @param suspended whether its numbers may have gone back: it neither protects nor unprotects then
 */
public record Installation(
        PairId supersedes,
        Set<Endpoint> scope,
        long mark,
        Confirmation confirmation,
        Optional<Past> past,
        boolean suspended) {
    /** A mark that is never crossed. */
    public static final long NO_MARK = History.MAX_SEQUENCE + 1;

    /** The installation of a new SA that needs no confirmation. */
    public Installation(PairId supersedes, Set<Endpoint> scope, long mark) {
        this(supersedes, scope, mark, Confirmation.CONFIRMED);
    }

    /** The installation of a new SA. */
    public Installation(PairId supersedes, Set<Endpoint> scope, long mark, Confirmation confirmation) {
        this(supersedes, scope, mark, confirmation, Optional.empty(), false);
    }

    public Installation {
        scope = Set.copyOf(scope);
        if (mark < 0 || mark > NO_MARK) {
            throw new IllegalArgumentException("mark " + mark + " is not in 0..2^48");
        }
    }
}
