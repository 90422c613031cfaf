// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.sadb.Birth;
import dev.samd.daemon.sadb.Restored;
import dev.samd.sa.KeyMaterial;
import java.util.random.RandomGenerator;

/**
 * A store, and what was kept in it. Whoever gets it owns the secrets in it, and closes the store.
 *
 * @param store the authority from now on
 * @param birth how this life of the database begins
 * @param restored what was kept
 * @param referenceKey authenticates record references, in every life
 */
public record Kept(SaStore store, Birth birth, Restored restored, KeyMaterial referenceKey) {
    private static final int REFERENCE_KEY_LENGTH = 32;

    /**
     * Of a store that keeps nothing.
     *
     * @param policies that stand from the start
     */
    public static Kept nothing(SaStore store, RandomGenerator random, Policies policies) {
        byte[] reference = new byte[REFERENCE_KEY_LENGTH];
        random.nextBytes(reference);
        return new Kept(store, Birth.fresh(random), Restored.nothing(policies), KeyMaterial.adopt(reference));
    }
}
