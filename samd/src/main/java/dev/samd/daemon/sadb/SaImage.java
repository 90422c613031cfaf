// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.Spi;
import java.util.Optional;

/**
 * What has to be kept of one SA, so that it can be entered again as it is. What follows from other things is not in it: its
 * scope from the policies, its partner from its pair.
 *
 * @param parameters empty while LARVAL
 * @param key the print of its key; empty while LARVAL
 * @param pair its pair, or {@link PairId#NONE}
 * @param owner the principal that installed it
 * @param addedNanos when it got its keys, monotonic
 * @param addedMillis the same on the wall clock, to be shown
 * @param firstUsedNanos when it was used first, or {@link dev.samd.sa.Usage#NEVER}
 * @param endNanos when the database ends it whatever its limits say, or {@link Lifetimes#NEVER}
 * @param acquireSequence the ACQUIRE that it answered, 0 for none
 * @param softEarlierPermille how much earlier its soft limits of time come
 * @param unconfirmed whether its pair waits for its first good record
 * @param forgeryLimitMet whether it was stopped by failed openings
 * @param suspended whether its numbers may have gone back
 */
public record SaImage(
        SaId id,
        long revision,
        SaState state,
        Spi spi,
        Endpoint peer,
        Endpoint local,
        Optional<SaParameters> parameters,
        Optional<KeyPrint> key,
        PairId pair,
        String owner,
        long addedNanos,
        long addedMillis,
        long firstUsedNanos,
        long endNanos,
        long acquireSequence,
        int softEarlierPermille,
        boolean unconfirmed,
        boolean forgeryLimitMet,
        boolean suspended) {
    /** Its direction; a LARVAL SA is inbound. */
    public Direction direction() {
        return parameters.map(SaParameters::direction).orElse(Direction.INBOUND);
    }

    /** The same, suspended. */
    public SaImage suspend() {
        return new SaImage(
                id,
                revision,
                state,
                spi,
                peer,
                local,
                parameters,
                key,
                pair,
                owner,
                addedNanos,
                addedMillis,
                firstUsedNanos,
                endNanos,
                acquireSequence,
                softEarlierPermille,
                unconfirmed,
                forgeryLimitMet,
                true);
    }
}
