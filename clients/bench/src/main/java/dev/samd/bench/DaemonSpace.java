// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A place of its own for a daemon that is measured, gone when the measurement ends.
 *
 * @param lib the daemon's libraries
 * @param directory for everything that belongs to it
 */
record DaemonSpace(Path lib, Path directory) {
    /** A measurement that needs a daemon. */
    @FunctionalInterface
    interface Measuring {
        String in(DaemonSpace space) throws IOException;
    }

    /**
     * Measures.
     *
     * @param part of the plan, for the error if the daemon's libraries are not named
     */
    static String during(String part, Plan plan, Measuring measuring) {
        Path lib = plan.daemonLib()
                .orElseThrow(() ->
                        new IllegalStateException("the part " + part + " needs --daemon-lib, the daemon's libraries"));
        try {
            Path directory = Files.createTempDirectory("samd-bench");
            try {
                return measuring.in(new DaemonSpace(lib, directory));
            } finally {
                Directories.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path socket() {
        return directory.resolve("samd.sock");
    }

    Path state() {
        return directory.resolve("state");
    }

    /** Starts a daemon, which serves when this returns. */
    Children.Child start(List<String> flags) throws IOException {
        List<String> command = new ArrayList<>(Children.java(flags, lib + "/*"));
        command.addAll(
                List.of("dev.samd.daemon.Main", "--socket", socket().toString(), "--state-dir", state().toString()));
        return Children.startUntil("samd ready", command);
    }
}
