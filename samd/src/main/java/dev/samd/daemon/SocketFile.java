// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of the Unix socket: its directory, what a dead daemon left behind, its mode. */
final class SocketFile {
    /** The kernel's sun_path, less its final zero. */
    private static final int MAX_LENGTH = 107;

    private static final String DIRECTORY_MODE = "rwxr-x---";
    private static final String SOCKET_MODE = "rw-rw----";

    private final Path path;

    SocketFile(Path path) {
        this.path = path;
    }

    /** Makes the directory if it is missing, for owner and group. */
    void makeDirectory() throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(DIRECTORY_MODE)));
        }
    }

    /**
     * Makes the place free: a socket that nobody listens on is removed.
     *
     * @throws ConfigException if somebody listens there, if something else stands there, or if the path is too long
     */
    void prepare() throws IOException {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_LENGTH) {
            throw new ConfigException("socket path of " + length + " octets; at most " + MAX_LENGTH + " fit: " + path);
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new ConfigException("socket " + path + " exists and is no socket");
        }
        if (isListening()) {
            throw new ConfigException("socket " + path + " is in use by another process");
        }
        Files.delete(path);
    }

    private boolean isListening() {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false; // refused: whoever made it is gone
        }
    }

    /** Lets the owner and the group in, and nobody else. */
    void restrict() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(SOCKET_MODE));
    }

    void remove() throws IOException {
        Files.deleteIfExists(path);
    }
}
