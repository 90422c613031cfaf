// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The files of all Unix sockets of a daemon. */
final class SocketFiles {
    private final List<SocketFile> files;

    SocketFiles(List<Path> paths) {
        files = paths.stream().map(SocketFile::new).toList();
    }

    void makeDirectories() throws IOException {
        for (SocketFile file : files) {
            file.makeDirectory();
        }
    }

    void prepare() throws IOException {
        for (SocketFile file : files) {
            file.prepare();
        }
    }

    void restrict() throws IOException {
        for (SocketFile file : files) {
            file.restrict();
        }
    }

    void remove() throws IOException {
        for (SocketFile file : files) {
            file.remove();
        }
    }
}
