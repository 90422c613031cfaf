// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.Policies;
import dev.samd.sa.Past;
import dev.samd.sa.SaId;
import dev.samd.sa.TrafficKeys;
import java.util.Optional;

/** A database as it was kept, for {@link Sadb#restore}. */
public interface Restored {
    /** The policies that stood. */
    Policies policies();

    /**
     * Gives everything else, once.
     *
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    void giveTo(Entrance entrance);

    /** Nothing but policies. */
    static Restored nothing(Policies policies) {
        return new Restored() {
            @Override
            public Policies policies() {
                return policies;
            }

            @Override
            public void giveTo(Entrance entrance) {
                // Nothing was kept.
            }
        };
    }

    /**
     * One SA.
     *
     * @param image what was kept of it
     * @param keys its keys; empty while LARVAL
     * @param past what it was used for
     * @param mark numbers below may be used
     */
    record Association(SaImage image, Optional<TrafficKeys> keys, Past past, long mark) {
        /** Its id. */
        public SaId id() {
            return image.id();
        }
    }
}
