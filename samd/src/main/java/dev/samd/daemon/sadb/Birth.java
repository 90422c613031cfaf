// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.KeyMaterial;
import java.util.random.RandomGenerator;

/**
 * How a life of the database begins.
 *
 * @param incarnation names this life, or goes on with the one before: its cursors are good in this one
 * @param revision of the last change of that life
 * @param lastId the last id that was given, in any life
 * @param printKey 32 octets that prints of keys are made with; the database takes it over
 * @param forgetful whether keys may have been forgotten: nobody but a KMP can know then that one is fresh
 */
public record Birth(long incarnation, long revision, long lastId, KeyMaterial printKey, boolean forgetful) {
    private static final int PRINT_KEY_LENGTH = 32;

    /** Of a database that nothing was kept of. */
    public static Birth fresh(RandomGenerator random) {
        byte[] printKey = new byte[PRINT_KEY_LENGTH];
        random.nextBytes(printKey);
        return new Birth(random.nextLong(), 0, 0, KeyMaterial.adopt(printKey), false);
    }
}
