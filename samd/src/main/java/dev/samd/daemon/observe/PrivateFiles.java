// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that are there whole, or not at all. */
final class PrivateFiles {
    /** For the daemon's user alone. */
    static final String OWNER_ONLY = "rw-------";

    /** For those of the daemon's group to read. */
    static final String GROUP_READS = "rw-r-----";

    private PrivateFiles() {}

    /** Makes a file that must not be there yet; open for writing. */
    static FileChannel create(Path file, String permissions) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    }

    /** Puts a file in its place, durable. */
    static void put(Path file, byte[] octets, String permissions) throws IOException {
        Path making = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(making);
        try (FileChannel channel = create(making, permissions)) {
            writeAt(channel, 0, octets);
            channel.force(true);
        }
        Files.move(making, file, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(file);
    }

    static void writeAt(FileChannel channel, long position, byte[] octets) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(octets);
        while (rest.hasRemaining()) {
            rest.position(rest.position() + channel.write(rest.slice(), position + rest.position()));
        }
    }

    /** Makes the names in a file's directory durable. */
    static void forceDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
