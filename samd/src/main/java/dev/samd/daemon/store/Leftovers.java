// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be written because of what was read: rows that were set aside, what is known of keys whose SAs are gone, counts
 * out of notes. Each of them says of itself what a second reading would find, so it does not matter when they are written.
 * Thread-safe.
 */
final class Leftovers {
    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
    private static final int MOST_AT_ONCE = 4096;

    private final RocksRows rows;
    private List<RowWrite> writes = new ArrayList<>();
    private boolean forgetful;

    Leftovers(RocksRows rows) {
        this.rows = rows;
    }

    synchronized void put(RowFamily family, byte[] key, byte[] sealed) {
        writes.add(new RowWrite(family, key, sealed));
    }

    synchronized void delete(RowFamily family, byte[] key) {
        writes.add(new RowWrite(family, key, null));
    }

    /** Takes a row that cannot be read out of the way, and tells it. */
    synchronized void setAside(RowFamily family, byte[] key, byte[] stored, @Nullable String why) {
        log.error(
                "a row of the store is damaged and set aside family={} key={} because={}",
                family.label(),
                HexFormat.of().formatHex(key),
                why);
        byte[] label = family.octets();
        byte[] place = ByteBuffer.allocate(label.length + 1 + key.length)
                .put(label)
                .put((byte) '/')
                .put(key)
                .array();
        forgetful |= family == RowFamily.KEY || family == RowFamily.MARK;
        put(RowFamily.DAMAGED, place, stored);
        delete(family, key);
    }

    /** Whether rows that tell of keys could not be read. */
    synchronized boolean isForgetful() {
        return forgetful;
    }

    /** Writes them, once there are many. */
    void writeMany() throws RocksDBException {
        write(MOST_AT_ONCE);
    }

    /** Writes them. */
    void write() throws RocksDBException {
        write(1);
    }

    private void write(int least) throws RocksDBException {
        List<RowWrite> now;
        synchronized (this) {
            if (writes.size() < least) {
                return;
            }
            now = writes;
            writes = new ArrayList<>();
        }
        rows.write(now);
    }
}
