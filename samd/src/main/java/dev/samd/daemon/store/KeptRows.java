// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.sadb.Entrance;
import dev.samd.daemon.sadb.Restored;
import java.io.UncheckedIOException;
import org.rocksdb.RocksDBException;

/**
 * What is in a store, read when the database asks for it.
 *
 * @param ending what follows the last row
 */
record KeptRows(Policies policies, StoreReader reader, Ending ending) implements Restored {
    /** Is done when all is read. */
    @FunctionalInterface
    interface Ending {
        void end() throws RocksDBException;
    }

    @Override
    public void giveTo(Entrance entrance) {
        try {
            reader.read(entrance);
            ending.end();
        } catch (RocksDBException e) {
            throw new UncheckedIOException(new StoreException("the store cannot be read: " + e.getMessage(), e));
        }
    }
}
