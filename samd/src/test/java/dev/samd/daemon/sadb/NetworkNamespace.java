// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A network namespace of its own, with a random name, so that nothing of the host's is seen or touched; gone when closed. */
final class NetworkNamespace implements AutoCloseable {
    private final String name;
    private final Thread lastResort = new Thread(this::delete, "samd-test-netns");

    private NetworkNamespace(String name) {
        this.name = name;
        // A run that is interrupted leaves no namespace behind either.
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /**
     * What a command said.
     *
     * @param exit its exit code
     * @param out standard output
     * @param errors standard error
     */
    record Said(int exit, String out, String errors) {
        boolean well() {
            return exit == 0;
        }
    }

    /**
     * Makes one.
     *
     * @throws UncheckedIOException if there is no such command as {@code ip}, or it refuses
     */
    static NetworkNamespace create() {
        String name =
                "samd-test-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        Said said = command(List.of("ip", "netns", "add", name));
        if (!said.well()) {
            throw new UncheckedIOException(new IOException(said.errors().strip()));
        }
        return new NetworkNamespace(name);
    }

    /** Runs a command inside and waits for its end. */
    Said run(String... command) {
        return command(inside(command));
    }

    /** Starts a command inside; whoever asked ends it. */
    Process start(String... command) {
        try {
            return new ProcessBuilder(inside(command)).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        delete();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }

    private void delete() {
        command(List.of("ip", "netns", "del", name));
    }

    private List<String> inside(String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
        whole.addAll(List.of(command));
        return whole;
    }

    private static Said command(List<String> command) {
        try {
            Path errors = Files.createTempFile("samd-test", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectError(errors.toFile())
                        .start();
                process.getOutputStream().close();
                String out;
                try (InputStream stream = process.getInputStream()) {
                    out = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                }
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IOException(command + " does not end");
                }
                return new Said(process.exitValue(), out, Files.readString(errors));
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }
}
