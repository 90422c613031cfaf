// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.samd.store.v1.DataKeyRow;
import java.io.IOException;
import java.util.List;
import org.rocksdb.RocksDBException;

/** The row of the data key, in a store. */
final class DataKeyRoot implements KeyRotation.Root {
    private final Access access;

    private DataKeyRoot(Access access) {
        this.access = access;
    }

    /** How the rows are reached. */
    private interface Access {
        <T> T with(RowWriter.Work<T> work) throws IOException;
    }

    /** Of a store that nobody uses yet. */
    static DataKeyRoot of(RocksRows rows) {
        return new DataKeyRoot(new Access() {
            @Override
            public <T> T with(RowWriter.Work<T> work) throws IOException {
                try {
                    return work.with(rows);
                } catch (RocksDBException e) {
                    throw new StoreException("the row of the data key was not written: " + e.getMessage(), e);
                }
            }
        });
    }

    /** Of a store that is used. */
    static DataKeyRoot of(RowWriter writer) {
        return new DataKeyRoot(writer::call);
    }

    /** The row as it stands in a store. */
    static DataKeyRow readFrom(RocksRows rows) throws StoreException, RocksDBException {
        byte[] row = rows.get(RowFamily.META, MetaKey.DATA_KEY);
        if (row == null) {
            throw new StoreException("the store is damaged: it has no data key");
        }
        try {
            return DataKeyRow.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new StoreException("the store is damaged: its data key cannot be read");
        }
    }

    @Override
    public DataKeyRow read() throws IOException {
        return access.with(DataKeyRoot::readFrom);
    }

    @Override
    public void write(DataKeyRow row) throws IOException {
        access.with(rows -> {
            rows.writeSynced(List.of(new RowWrite(RowFamily.META, MetaKey.DATA_KEY, row.toByteArray())));
            return row;
        });
    }
}
