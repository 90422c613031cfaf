// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.sa.KeyMaterial;
import dev.samd.store.v1.DataKeyRow;
import dev.samd.store.v1.FormatRow;
import dev.samd.store.v1.LifeRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.rocksdb.RocksDBException;

/** The rows of a store that no daemon uses now, to look at and to meddle with. */
public final class StoredRows implements AutoCloseable {
    private final Path stateDir;
    private final RocksRows rows;

    private StoredRows(Path stateDir, RocksRows rows) {
        this.stateDir = stateDir;
        this.rows = rows;
    }

    public static StoredRows open(Path stateDir) throws IOException, RocksDBException {
        return new StoredRows(stateDir, RocksRows.open(stateDir.resolve("sadb"), stateDir.resolve("native"), true));
    }

    /** Flips a bit of the first row of a family, or of all. */
    public void damage(String family, boolean all) throws RocksDBException {
        List<RowWrite> damaged = new ArrayList<>();
        rows.scan(family(family), (key, value) -> {
            if (all || damaged.isEmpty()) {
                value[value.length / 2] ^= 1;
                damaged.add(new RowWrite(family(family), key, value));
            }
        });
        if (damaged.isEmpty()) {
            throw new IllegalStateException("no row of " + family);
        }
        rows.write(damaged);
    }

    /** Flips a bit of one of the rows of which there is one each. */
    public void damageMeta(String name) throws RocksDBException {
        byte[] key = name.getBytes(StandardCharsets.US_ASCII);
        byte[] value = rows.get(RowFamily.META, key);
        if (value == null) {
            throw new IllegalStateException("no row " + name);
        }
        value[value.length / 2] ^= 1;
        rows.write(List.of(new RowWrite(RowFamily.META, key, value)));
    }

    public int count(String family) throws RocksDBException {
        List<byte[]> keys = new ArrayList<>();
        rows.scan(family(family), (key, value) -> keys.add(key));
        return keys.size();
    }

    /** Every row of every family, to compare. */
    public List<String> everything() throws RocksDBException {
        List<String> all = new ArrayList<>();
        for (RowFamily family : RowFamily.values()) {
            rows.scan(
                    family,
                    (key, value) -> all.add(family.label()
                            + HexFormat.of().formatHex(key)
                            + '='
                            + HexFormat.of().formatHex(value)));
        }
        return all;
    }

    public void format(int version) throws IOException, RocksDBException {
        FormatRow format = FormatRow.parseFrom(rows.get(RowFamily.META, MetaKey.FORMAT));
        rows.write(List.of(new RowWrite(
                RowFamily.META,
                MetaKey.FORMAT,
                format.toBuilder().setVersion(version).build().toByteArray())));
    }

    public DataKeyRow dataKey() throws IOException, RocksDBException {
        return DataKeyRoot.readFrom(rows);
    }

    /** Changes what the last life left, with the key file of the state directory. */
    public void life(UnaryOperator<LifeRow.Builder> change) throws IOException, RocksDBException, DamagedRowException {
        SecureRandom random = new SecureRandom();
        DataKeyRow sealed = dataKey();
        byte[] octets = FileKeyEncryption.open(stateDir.resolve("kek"), false, random)
                .open(sealed.getKeyEncryptionKey(), sealed.getSealed().toByteArray());
        try (KeyMaterial dataKey = KeyMaterial.adopt(octets)) {
            RowCipher cipher = new RowCipher(dataKey, random);
            LifeRow life = LifeRow.parseFrom(
                    cipher.open(RowFamily.META, MetaKey.LIFE, rows.get(RowFamily.META, MetaKey.LIFE)));
            byte[] changed = change.apply(life.toBuilder()).build().toByteArray();
            rows.write(List.of(
                    new RowWrite(RowFamily.META, MetaKey.LIFE, cipher.seal(RowFamily.META, MetaKey.LIFE, changed))));
        }
    }

    /** Makes the last life one of this machine and its present boot, and gives the line of a guard file that fits. */
    public String settleHere() throws IOException, RocksDBException, DamagedRowException {
        Host host = Host.current();
        long[] generation = new long[1];
        life(life -> {
            generation[0] = life.getGeneration();
            return life.setMachine(host.machine()).setBoot(host.boot());
        });
        FormatRow format = FormatRow.parseFrom(rows.get(RowFamily.META, MetaKey.FORMAT));
        return "samd-guard " + HexFormat.of().formatHex(format.getStoreId().toByteArray()) + ' ' + generation[0] + ' '
                + rows.sequence() + '\n';
    }

    /** How many writes there were. */
    public long sequence() {
        return rows.sequence();
    }

    /** A small copy. */
    public void copyTo(Path directory) throws RocksDBException {
        rows.checkpoint(directory);
    }

    private static RowFamily family(String label) {
        for (RowFamily family : RowFamily.values()) {
            if (family.label().equals(label)) {
                return family;
            }
        }
        throw new IllegalArgumentException(label);
    }

    @Override
    public void close() {
        rows.close();
    }
}
