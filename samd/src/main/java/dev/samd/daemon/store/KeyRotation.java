// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import com.google.protobuf.ByteString;
import dev.samd.sa.KeyMaterial;
import dev.samd.store.v1.DataKeyRow;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings the data key under another key-encryption key.
 *
 * <p>The row of the data key decides. First the new key is there for good; then the row names it, and those before it as
 * retired; then these are destroyed, and forgotten. Whenever that is cut off, the row names a key that is there, and the next
 * start goes on where it stopped.
 */
final class KeyRotation {
    private final KeyEncryption encryption;
    private final KeyMaterial dataKey;
    private final Root root;

    /** Where the row is. */
    interface Root {
        /** The row as it is. */
        DataKeyRow read() throws IOException;

        /** Replaces the row; it outlives the end of the power when this returns, however other rows are kept. */
        void write(DataKeyRow row) throws IOException;
    }

    /** @param dataKey stays the caller's */
    KeyRotation(KeyEncryption encryption, KeyMaterial dataKey, Root root) {
        this.encryption = encryption;
        this.dataKey = dataKey;
        this.root = root;
    }

    /** The row of a data key that nothing else was sealed with. */
    static DataKeyRow row(KeyEncryption encryption, String name, byte[] dataKey) throws StoreException {
        return DataKeyRow.newBuilder()
                .setKeyEncryptionKey(name)
                .setSealed(ByteString.copyFrom(encryption.seal(name, dataKey)))
                .build();
    }

    /** Seals the data key under a new key, and destroys the older ones. */
    KeyRotated rotate() throws IOException {
        DataKeyRow before = root.read();
        return moveTo(encryption.make(), before);
    }

    /** At a start: ends what was cut off, and seals under the key that was put behind the present one by hand. */
    void settle() throws IOException {
        DataKeyRow row = root.read();
        List<String> own = encryption.own();
        String wanted = own.isEmpty() ? row.getKeyEncryptionKey() : own.get(own.size() - 1);
        if (!wanted.equals(row.getKeyEncryptionKey())) {
            moveTo(wanted, row);
        } else if (row.getRetiredCount() > 0) {
            destroyRetired(row);
        }
    }

    private KeyRotated moveTo(String name, DataKeyRow before) throws IOException {
        Set<String> retired = new LinkedHashSet<>(before.getRetiredList());
        retired.add(before.getKeyEncryptionKey());
        retired.addAll(encryption.own());
        retired.remove(name);
        DataKeyRow row;
        byte[] octets = dataKey.borrow();
        if (octets == null) {
            throw new StoreException("the store is closed");
        }
        try {
            row = row(encryption, name, octets).toBuilder()
                    .addAllRetired(retired)
                    .build();
        } finally {
            dataKey.giveBack();
        }
        root.write(row);
        return destroyRetired(row);
    }

    private KeyRotated destroyRetired(DataKeyRow row) throws IOException {
        for (String name : row.getRetiredList()) {
            encryption.destroy(name);
        }
        root.write(row.toBuilder().clearRetired().build());
        return new KeyRotated(row.getRetiredList(), row.getKeyEncryptionKey(), encryption.description());
    }
}
