// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.store.v1.CountersRow;
import dev.samd.store.v1.DataKeyRow;
import dev.samd.store.v1.LifeRow;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;

/**
 * Copies a store while it is used.
 *
 * <ol>
 *   <li>The writing thread makes a checkpoint in the state directory: hard links, and what was in memory.
 *   <li>Its files are copied to the destination, under another name, and synced.
 *   <li>The copy is opened for itself, and marked: whoever starts it knows that its numbers have gone back.
 *   <li>It gets its name.
 * </ol>
 *
 * So what stands under the name is whole. The key-encryption key is nowhere in it. Confined to one thread but for
 * {@link #giveUp}.
 */
final class Backup {
    private static final String CHECKPOINT = "checkpoint";
    private static final String ROWS = "sadb";
    private static final long AT_ONCE = 4L << 20;

    private final RowWriter writer;
    private final Path stateDir;
    private final KeyMaterial dataKey;
    private final SecureRandom random;
    private volatile boolean givenUp;

    /**
     * @param stateDir the daemon's own directory
     * @param dataKey stays the caller's
     */
    Backup(RowWriter writer, Path stateDir, KeyMaterial dataKey, SecureRandom random) {
        this.writer = writer;
        this.stateDir = stateDir;
        this.dataKey = dataKey;
        this.random = random;
    }

    /** Removes what a backup left that was cut off. */
    static void forgetCheckpoint(Path stateDir) throws IOException {
        delete(stateDir.resolve(CHECKPOINT));
    }

    /** No backup is made any more; one under way ends soon. Any thread. */
    void giveUp() {
        givenUp = true;
    }

    /**
     * Makes one.
     *
     * @throws SaException if it cannot be there
     * @throws IOException if it cannot be written; nothing is left of it
     */
    BackupMade make(Path destination) throws IOException {
        Path partial = partial(destination);
        Path checkpoint = stateDir.resolve(CHECKPOINT);
        delete(checkpoint);
        Files.createDirectory(
                partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        boolean made = false;
        try {
            writer.call(rows -> {
                rows.checkpoint(checkpoint);
                return true;
            });
            Path copy = Files.createDirectory(partial.resolve(ROWS));
            copy(checkpoint, copy);
            BackupMade backup = mark(copy, destination);
            Durably.syncDirectory(partial);
            Files.move(partial, destination, StandardCopyOption.ATOMIC_MOVE);
            made = true;
            Durably.syncDirectory(parent(destination));
            return backup;
        } finally {
            delete(checkpoint);
            if (!made) {
                delete(partial.resolve(ROWS));
                delete(partial);
            }
        }
    }

    private Path partial(Path destination) {
        Path name = destination.getFileName();
        if (!destination.isAbsolute() || name == null || !destination.equals(destination.normalize())) {
            throw refused(destination, "is no absolute path of a directory");
        }
        if (destination.startsWith(stateDir)) {
            throw refused(destination, "lies in the state directory");
        }
        if (!Files.isDirectory(parent(destination))) {
            throw refused(destination, "cannot be made: the directory above it is missing");
        }
        Path partial = destination.resolveSibling(name + ".partial");
        for (Path taken : List.of(destination, partial)) {
            if (Files.exists(taken)) {
                throw refused(destination, "cannot be made: " + taken + " exists already");
            }
        }
        return partial;
    }

    private static SaException refused(Path destination, String why) {
        return new SaException(SaError.MALFORMED, destination.toString(), "destination " + destination + ' ' + why);
    }

    private static Path parent(Path destination) {
        Path parent = destination.getParent();
        return parent == null ? destination : parent;
    }

    private void copy(Path from, Path to) throws IOException {
        for (Path file : list(from)) {
            try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                    FileChannel out = FileChannel.open(
                            to.resolve(file.getFileName()), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                long size = in.size();
                for (long done = 0; done < size; ) {
                    if (givenUp) {
                        throw new StoreException("the daemon is stopping");
                    }
                    done += in.transferTo(done, Math.min(AT_ONCE, size - done), out);
                }
                out.force(true);
            }
        }
    }

    private BackupMade mark(Path copy, Path destination) throws IOException {
        RowCipher cipher = new RowCipher(dataKey, random);
        long revision;
        String key;
        try (RocksRows rows = RocksRows.open(copy, stateDir.resolve("native"), true)) {
            LifeRow life = LifeRow.parseFrom(open(rows, cipher, MetaKey.LIFE));
            // A store that nothing was written to yet has none.
            byte[] counters = rows.get(RowFamily.META, MetaKey.COUNTERS);
            revision = counters == null
                    ? 0
                    : CountersRow.parseFrom(open(rows, cipher, MetaKey.COUNTERS))
                            .getRevision();
            key = DataKeyRow.parseFrom(require(rows, MetaKey.DATA_KEY)).getKeyEncryptionKey();
            byte[] marked = life.toBuilder().setBackup(true).build().toByteArray();
            rows.write(List.of(
                    new RowWrite(RowFamily.META, MetaKey.LIFE, cipher.seal(RowFamily.META, MetaKey.LIFE, marked))));
        } catch (RocksDBException | DamagedRowException | InvalidProtocolBufferException e) {
            throw new StoreException("the copy for " + destination + " cannot be read: " + e.getMessage(), e);
        }
        long octets = 0;
        for (Path file : list(copy)) {
            octets += Files.size(file);
        }
        return new BackupMade(destination, octets, revision, key);
    }

    private static byte[] open(RocksRows rows, RowCipher cipher, byte[] name)
            throws RocksDBException, DamagedRowException {
        return cipher.open(RowFamily.META, name, require(rows, name));
    }

    private static byte[] require(RocksRows rows, byte[] name) throws RocksDBException, DamagedRowException {
        byte[] row = rows.get(RowFamily.META, name);
        if (row == null) {
            throw new DamagedRowException("a row at its root is missing");
        }
        return row;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    /** Deletes a directory and its files, if it is there. */
    private static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            for (Path file : list(directory)) {
                Files.delete(file);
            }
            Files.delete(directory);
        }
    }
}
