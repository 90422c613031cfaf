// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of the decoders, one directory each.
 *
 * @param checkedIn what everybody has: {@code seeds} to begin with, {@code regressions} that were findings once, {@code
 *     dictionaries}
 * @param found what runs on this machine have come to: {@code corpus} that reached something new, {@code findings}
 */
record Inputs(Path checkedIn, Path found) {
    Path seeds(Decoder decoder) {
        return checkedIn.resolve("seeds").resolve(decoder.name());
    }

    Path regressions(Decoder decoder) {
        return checkedIn.resolve("regressions").resolve(decoder.name());
    }

    Path dictionary(Decoder decoder) {
        return checkedIn.resolve("dictionaries").resolve(decoder.name() + ".dict");
    }

    Path corpus(Decoder decoder) {
        return found.resolve("corpus").resolve(decoder.name());
    }

    Path findings(Decoder decoder) {
        return found.resolve("findings").resolve(decoder.name());
    }

    /** Writes the seeds of a decoder anew. */
    void writeSeeds(Decoder decoder) throws IOException {
        Path directory = Files.createDirectories(seeds(decoder));
        for (String old : read(directory).keySet()) {
            Files.delete(directory.resolve(old));
        }
        for (Map.Entry<String, byte[]> seed : decoder.target().get().seeds().entrySet()) {
            Files.write(directory.resolve(seed.getKey()), seed.getValue());
        }
    }

    /** The files of a directory by their names; none if there is no directory. */
    static Map<String, byte[]> read(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return files;
        }
        try (Stream<Path> paths = Files.list(directory)) {
            paths.forEach(path -> files.put(path.getFileName().toString(), octets(path)));
        }
        return files;
    }

    private static byte[] octets(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        }
    }
}
