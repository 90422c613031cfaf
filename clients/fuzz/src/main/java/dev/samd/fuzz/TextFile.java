// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in a directory of its own, for readers that want one. Gone with the process. */
public final class TextFile {
    private final Path path;

    /** A file of this name. */
    public TextFile(String name) {
        try {
            Path directory = Files.createTempDirectory("fuzz-");
            directory.toFile().deleteOnExit();
            path = directory.resolve(name);
            path.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for " + name, e);
        }
    }

    /** The file, with these octets in it. */
    public Path with(byte[] octets) throws IOException {
        return Files.write(path, octets);
    }
}
