// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Endpoint;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a watch is to show.
 *
 * @param from begin behind this cursor; empty: behind now
 * @param peer only SAs and acquires with this peer; empty: all
 * @param kinds only these kinds; empty: all
 * @param promiscuous show the calls of others as well (RFC 2367 s3.1.11), never with keys
 */
public record WatchRequest(Optional<Cursor> from, Optional<Endpoint> peer, Set<EventKind> kinds, boolean promiscuous) {
    /** Every change behind now. */
    public static final WatchRequest ALL = new WatchRequest(Optional.empty(), Optional.empty(), Set.of(), false);

    public WatchRequest {
        kinds = kinds.isEmpty() ? EnumSet.noneOf(EventKind.class) : EnumSet.copyOf(kinds);
    }

    /** The same behind a cursor. */
    public WatchRequest withFrom(Cursor cursor) {
        return new WatchRequest(Optional.of(cursor), peer, kinds, promiscuous);
    }

    /** The same for one peer. */
    public WatchRequest withPeer(Endpoint name) {
        return new WatchRequest(from, Optional.of(name), kinds, promiscuous);
    }

    /** The same for these kinds only. */
    public WatchRequest withKinds(Set<EventKind> wanted) {
        return new WatchRequest(from, peer, wanted, promiscuous);
    }

    /** The same with the calls of others. */
    public WatchRequest withCallsOfOthers() {
        return new WatchRequest(from, peer, kinds, true);
    }
}
