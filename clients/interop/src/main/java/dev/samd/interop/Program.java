// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of another make, with its output in a file. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final Path output;

    private Program(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Program start(Path directory, String... command) throws IOException {
        Path output = Files.createTempFile(directory, Path.of(command[0]).getFileName() + "-", ".out");
        return new Program(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /** Whether the program is on this machine. */
    static boolean exists(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory).resolve(name)));
    }

    /** Runs a command to its end, and gives what it wrote. */
    static byte[] run(byte[] input, List<String> command) throws IOException, InterruptedException {
        Path error = Files.createTempFile("interop", ".err");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(error.toFile()).start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input);
            }
            byte[] written = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new IOException(command.get(0) + " " + command.get(1) + ": "
                        + Files.readString(error).strip());
            }
            return written;
        } finally {
            Files.delete(error);
        }
    }

    /** Gives it a line on its standard input. */
    void type(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        in.flush();
    }

    /** Waits until its output has this text. */
    void await(String text) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!output().contains(text)) {
            boolean over = process.waitFor(20, TimeUnit.MILLISECONDS) && !output().contains(text);
            if (over || System.nanoTime() > end) {
                throw new IOException("\"" + text + "\" did not come; the output is:\n" + output());
            }
        }
    }

    /** What it has written. */
    String output() throws IOException {
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
