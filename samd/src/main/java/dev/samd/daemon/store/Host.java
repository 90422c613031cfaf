// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a store is.
 *
 * @param machine identity of the machine
 * @param boot identity of its boot
 */
record Host(String machine, String boot) {
    private static final Path MACHINE = Path.of("/etc/machine-id");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** This one. */
    static Host current() throws IOException {
        return new Host(read(MACHINE), read(BOOT));
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.US_ASCII).trim()
                : "";
    }
}
