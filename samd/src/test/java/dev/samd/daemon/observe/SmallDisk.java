// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of 256 KiB, mounted for a test: needs root. */
public final class SmallDisk implements AutoCloseable {
    private static final int KIB = 256;

    public final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts it, or ends the test as skipped. */
    public static SmallDisk mount(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + KIB + "k", "tmpfs", directory.toString()) == 0,
                "skipped: a small tmpfs cannot be mounted here, which needs root");
        return new SmallDisk(directory);
    }

    /** Leaves no room on it. */
    public void fill() throws IOException {
        Path ballast = directory.resolve("ballast");
        byte[] page = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            for (int i = 0; i < KIB; i++) {
                out.write(page);
            }
        } catch (IOException full) {
            return;
        }
        throw new IllegalStateException(ballast + " does not fill the disk");
    }

    /** Makes room again. */
    public void free() throws IOException {
        Files.delete(directory.resolve("ballast"));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException(command[0] + " does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        try {
            if (run("umount", directory.toString()) != 0) {
                throw new IllegalStateException(directory + " cannot be unmounted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
