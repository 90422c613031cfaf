// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** The rows on disk. Writes come from one thread; what is read is read before the first of them. */
final class RocksRows implements AutoCloseable {
    private static final long WRITE_BUFFER = 16L << 20;
    private static final long WRITE_BUFFERS_MOST = 64L << 20;
    private static final long LOG_MOST = 64L << 20;
    private static final long READ_AHEAD = 2L << 20;

    private final DBOptions options;
    private final ColumnFamilyOptions familyOptions;
    private final WriteOptions writeOptions;
    private final RocksDB db;
    private final Map<RowFamily, ColumnFamilyHandle> handles = new EnumMap<>(RowFamily.class);
    private final List<ColumnFamilyHandle> unused = new ArrayList<>();

    private RocksRows(DBOptions options, ColumnFamilyOptions familyOptions, WriteOptions writeOptions, Path directory)
            throws RocksDBException {
        this.options = options;
        this.familyOptions = familyOptions;
        this.writeOptions = writeOptions;
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (RowFamily family : RowFamily.values()) {
            descriptors.add(new ColumnFamilyDescriptor(family.octets(), familyOptions));
        }
        // Those of a later version too: what it is has to be read before it can be refused.
        for (byte[] unknown : unknownFamilies(directory)) {
            descriptors.add(new ColumnFamilyDescriptor(unknown, familyOptions));
        }
        List<ColumnFamilyHandle> opened = new ArrayList<>();
        this.db = RocksDB.open(options, directory.toString(), descriptors, opened);
        Iterator<ColumnFamilyHandle> inOrder = opened.iterator();
        for (RowFamily family : RowFamily.values()) {
            handles.put(family, inOrder.next());
        }
        inOrder.forEachRemaining(unused::add);
    }

    private static List<byte[]> unknownFamilies(Path directory) throws RocksDBException {
        if (!Files.exists(directory.resolve("CURRENT"))) {
            return List.of();
        }
        Set<String> known =
                Arrays.stream(RowFamily.values()).map(RowFamily::label).collect(Collectors.toSet());
        try (Options options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).stream()
                    .filter(name -> !known.contains(new String(name, StandardCharsets.UTF_8)))
                    .toList();
        }
    }

    /**
     * Opens the rows of a directory, which is made if it is missing.
     *
     * @param natives where the library's own code is put before it is loaded: a place where nobody else writes, and where a
     *     killed process leaves one copy and not one more each time
     * @param sync whether every write is synced
     */
    static RocksRows open(Path directory, Path natives, boolean sync) throws IOException, RocksDBException {
        Files.createDirectories(natives);
        NativeLibraryLoader.getInstance().loadLibrary(natives.toString());
        RocksDB.loadLibrary();
        DBOptions options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                // A log that was cut off at its end is what a crash leaves; anything else in it is damage.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setDbWriteBufferSize(WRITE_BUFFERS_MOST)
                .setMaxTotalWalSize(LOG_MOST)
                .setAllowFAllocate(false)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
        // What is sealed cannot be compressed.
        ColumnFamilyOptions familyOptions = new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER)
                .setCompressionType(CompressionType.NO_COMPRESSION);
        WriteOptions writeOptions = new WriteOptions().setSync(sync);
        try {
            return new RocksRows(options, familyOptions, writeOptions, directory);
        } catch (RocksDBException e) {
            writeOptions.close();
            familyOptions.close();
            options.close();
            throw e;
        }
    }

    /** Writes all or none. */
    void write(List<RowWrite> writes) throws RocksDBException {
        write(writes, writeOptions);
    }

    /** Writes all or none, which outlives the end of the power when this returns. */
    void writeSynced(List<RowWrite> writes) throws RocksDBException {
        try (WriteOptions synced = new WriteOptions().setSync(true)) {
            write(writes, synced);
        }
    }

    /** Makes a copy at one moment, which shares what it can: the directory must not exist, and be on the same disk. */
    void checkpoint(Path directory) throws RocksDBException {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(directory.toString());
        }
    }

    private void write(List<RowWrite> writes, WriteOptions how) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (RowWrite write : writes) {
                byte[] value = write.value();
                if (value == null) {
                    batch.delete(handle(write.family()), write.key());
                } else {
                    batch.put(handle(write.family()), write.key(), value);
                }
            }
            db.write(how, batch);
        }
    }

    byte @Nullable [] get(RowFamily family, byte[] key) throws RocksDBException {
        return db.get(handle(family), key);
    }

    /** Takes a row. */
    @FunctionalInterface
    interface Taker {
        void take(byte[] key, byte[] value);
    }

    /** Gives all rows of a family, by key. */
    void scan(RowFamily family, Taker taker) throws RocksDBException {
        try (ReadOptions ahead = readingAhead();
                RocksIterator iterator = db.newIterator(handle(family), ahead)) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                taker.take(iterator.key(), iterator.value());
            }
            iterator.status();
        }
    }

    /** Takes the rows of one key. */
    @FunctionalInterface
    interface JoinTaker {
        void take(byte[] key, Map<RowFamily, byte[]> rows);
    }

    /** Gives the rows of several families together, by key: each key once, with what the families have of it. */
    void join(Set<RowFamily> families, JoinTaker taker) throws RocksDBException {
        List<Cursor> cursors = new ArrayList<>();
        try (ReadOptions ahead = readingAhead()) {
            for (RowFamily family : families) {
                cursors.add(new Cursor(family, db.newIterator(handle(family), ahead)));
            }
            for (byte[] key = least(cursors); key != null; key = least(cursors)) {
                Map<RowFamily, byte[]> rows = new EnumMap<>(RowFamily.class);
                for (Cursor cursor : cursors) {
                    if (cursor.key != null && Arrays.compareUnsigned(cursor.key, key) == 0) {
                        rows.put(cursor.family, cursor.iterator.value());
                        cursor.advance();
                    }
                }
                taker.take(key, rows);
            }
            for (Cursor cursor : cursors) {
                cursor.iterator.status();
            }
        } finally {
            cursors.forEach(cursor -> cursor.iterator.close());
        }
    }

    private static byte @Nullable [] least(List<Cursor> cursors) {
        byte[] least = null;
        for (Cursor cursor : cursors) {
            byte[] key = cursor.key;
            if (key != null && (least == null || Arrays.compareUnsigned(key, least) < 0)) {
                least = key;
            }
        }
        return least;
    }

    /** What is read once need not be kept. */
    private static ReadOptions readingAhead() {
        return new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD);
    }

    /** A place in one family. */
    private static final class Cursor {
        private final RowFamily family;
        private final RocksIterator iterator;
        private byte @Nullable [] key;

        Cursor(RowFamily family, RocksIterator iterator) {
            this.family = family;
            this.iterator = iterator;
            iterator.seekToFirst();
            key = iterator.isValid() ? iterator.key() : null;
        }

        void advance() {
            iterator.next();
            key = iterator.isValid() ? iterator.key() : null;
        }
    }

    /** Takes all rows out of a family whose keys are shorter than 64 octets. */
    void clear(RowFamily family) throws RocksDBException {
        byte[] behindAll = new byte[64];
        Arrays.fill(behindAll, (byte) 0xff);
        db.deleteRange(handle(family), writeOptions, new byte[0], behindAll);
    }

    /** How many writes there were: never falls in a store that does not go back. */
    long sequence() {
        return db.getLatestSequenceNumber();
    }

    private ColumnFamilyHandle handle(RowFamily family) {
        ColumnFamilyHandle handle = handles.get(family);
        if (handle == null) {
            throw new IllegalStateException("no family " + family);
        }
        return handle;
    }

    @Override
    public void close() {
        handles.values().forEach(ColumnFamilyHandle::close);
        unused.forEach(ColumnFamilyHandle::close);
        db.close();
        writeOptions.close();
        familyOptions.close();
        options.close();
    }
}
