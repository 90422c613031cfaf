// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.Policies;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.Past;
import dev.samd.sa.SaId;
import dev.samd.sa.TrafficKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A database as it was kept, for {@link Sadb#restore}. Whoever restores takes its secrets over.
 *
 * @param policies that stood
 * @param keys all keys that ever were installed
 * @param pairs the pairs that live, by id
 * @param pairSecrets what the installers of pairs gave along
 * @param associations the SAs, by id
 * @param answers to requests that may come again, the oldest first
 */
public record Restored(
        Policies policies,
        List<KeyImage> keys,
        List<PairImage> pairs,
        Map<PairId, KeyMaterial> pairSecrets,
        List<Association> associations,
        List<AnswerImage> answers) {
    /** Nothing but policies. */
    public static Restored nothing(Policies policies) {
        return new Restored(policies, List.of(), List.of(), Map.of(), List.of(), List.of());
    }

    /**
     * One SA.
     *
     * @param image what was kept of it
     * @param keys its keys; empty while LARVAL
     * @param past what it was used for
     * @param mark numbers below may be used
     */
    public record Association(SaImage image, Optional<TrafficKeys> keys, Past past, long mark) {
        /** Its id. */
        public SaId id() {
            return image.id();
        }
    }
}
