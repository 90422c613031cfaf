// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a daemon takes at one moment.
 *
 * @param heapOctets that live, after a full collection
 * @param residentKibibytes of memory
 * @param threads of the process
 * @param descriptors that it has open
 * @param storeOctets of the files in which it keeps SAs
 */
record Vitals(long heapOctets, long residentKibibytes, int threads, int descriptors, long storeOctets) {
    /** Looks, and makes the process collect its garbage. */
    static Vitals of(Children.Child process, Path state) throws IOException {
        long heap = liveOctets(process);
        Path proc = Path.of("/proc/" + process.pid());
        try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
            return new Vitals(
                    heap,
                    status(proc, "VmRSS:"),
                    (int) status(proc, "Threads:"),
                    (int) open.count(),
                    octets(state.resolve("sadb")));
        }
    }

    /** What lives on the heap after full collections, as the JDK's own tool counts it. */
    static long liveOctets(Children.Child process) throws IOException {
        long least = Long.MAX_VALUE;
        // A collection may leave gaps, which are counted as arrays of int: every fourth one closes them.
        for (int i = 0; i < 4; i++) {
            least = Math.min(least, countedOctets(process));
        }
        return least;
    }

    private static long countedOctets(Children.Child process) throws IOException {
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String[] total = text.substring(text.lastIndexOf("Total")).trim().split(" +", -1);
        return Long.parseLong(total[2].trim());
    }

    private static long status(Path proc, String field) throws IOException {
        for (String line : Files.readAllLines(proc.resolve("status"))) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalStateException("no " + field + " in " + proc);
    }

    /** The lengths of all files below a directory. */
    static long octets(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toFile)
                    .mapToLong(file -> file.isFile() ? file.length() : 0)
                    .sum();
        }
    }
}
