// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaState;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Picks SAs. What is {@code null} does not matter; everything else must fit.
 *
 * @param peer name of the peer
 * @param direction direction
 * @param state state
 * @param local local endpoint
 */
public record SaFilter(
        @Nullable Endpoint peer, @Nullable Direction direction, @Nullable SaState state, @Nullable Endpoint local)
        implements Predicate<SadbEntry> {
    /** Fits everything. */
    public static final SaFilter ALL = new SaFilter(null, null, null, null);

    @Override
    public boolean test(SadbEntry entry) {
        return (peer == null || peer.equals(entry.peer()))
                && (direction == null || direction == entry.direction())
                && (state == null || state == entry.state())
                && (local == null || local.equals(entry.local()));
    }
}
