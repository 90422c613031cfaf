// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where and how the database is kept.
 *
 * @param embedded whether it is kept at all; otherwise it is forgotten with the process
 * @param durability what an acknowledged change survives
 * @param guard the file that tells a store that went back, apart from the state directory; empty: beside it, with
 *     {@code .guard} behind its name
 * @param key where the key-encryption keys are
 */
public record StoreSettings(boolean embedded, Durability durability, Optional<Path> guard, KeyPlace key) {
    /** Nothing on disk. */
    public static final StoreSettings MEMORY =
            new StoreSettings(false, Durability.POWER_LOSS, Optional.empty(), KeyPlace.BESIDE);

    /** Where nothing is said. */
    public static final StoreSettings DEFAULT =
            new StoreSettings(true, Durability.POWER_LOSS, Optional.empty(), KeyPlace.BESIDE);
}
