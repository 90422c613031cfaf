// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the programs of this project, and the proxy, as real processes; stops them all at the end, the last first. */
final class Processes {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final List<Running> running = new ArrayList<>();

    Processes(Path directory) {
        this.directory = directory;
    }

    /** What a command printed and how it ended. */
    @SuppressWarnings("ArrayRecordComponent") // looked at once
    record Ended(int code, byte[] out, String err) {
        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    /** A process with its output in files. */
    record Running(Process process, Path out, Path err) {
        String output() {
            try {
                return Files.readString(out, StandardCharsets.ISO_8859_1)
                        + Files.readString(err, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits until the output has this text. */
        Running await(String text) throws InterruptedException {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!output().contains(text)) {
                boolean over = process.waitFor(50, TimeUnit.MILLISECONDS);
                if (System.nanoTime() > end || (over && !output().contains(text))) {
                    throw new AssertionError("\"" + text + "\" did not come; the output is:\n" + output());
                }
            }
            return this;
        }

        /** Waits until that many lines have this text. */
        Running awaitLines(String containing, int count) throws InterruptedException {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (lines(containing) < count) {
                if (System.nanoTime() > end || process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError(
                            "\"" + containing + "\" did not come " + count + " times; the output is:\n" + output());
                }
            }
            return this;
        }

        int lines(String containing) {
            return (int)
                    output().lines().filter(line -> line.contains(containing)).count();
        }

        /** Ends it as an operator does, with SIGTERM. */
        int terminate() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("does not end on SIGTERM:\n" + output());
            }
            return process.exitValue();
        }
    }

    /** The root of the project. */
    static Path home() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("bin")) || !Files.isDirectory(here.resolve("api-proto"))) {
            here = here.getParent();
        }
        return here;
    }

    static String bin(String command) {
        return home().resolve("bin").resolve(command).toString();
    }

    static int freeUdpPort() {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Running start(String name, List<String> command) throws IOException {
        Path out = directory.resolve(name + ".out");
        Path err = directory.resolve(name + ".err");
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        Running started = new Running(process, out, err);
        running.add(started);
        return started;
    }

    Running daemon(String name) throws IOException, InterruptedException {
        return daemon(name, "");
    }

    /** A daemon with a configuration, which replaces the one that it had in an earlier life. */
    Running daemon(String name, String configuration) throws IOException, InterruptedException {
        Path home = Files.createDirectories(directory.resolve(name));
        Path file = Files.writeString(home.resolve("samd.yaml"), configuration);
        return start(
                        name,
                        List.of(
                                bin("samd"),
                                "--socket",
                                socket(name).toString(),
                                "--state-dir",
                                home.resolve("state").toString(),
                                "--config",
                                file.toString()))
                .await("samd ready");
    }

    /** libcoap's proxy, which logs all that it sees. */
    Running proxy(int port) throws IOException, InterruptedException {
        return start(
                        "proxy",
                        List.of(
                                "coap-server-notls",
                                "-A",
                                "127.0.0.1",
                                "-p",
                                Integer.toString(port),
                                "-P",
                                ",proxy.example",
                                "-v",
                                "7"))
                .await("created UDP");
    }

    Path socket(String daemon) {
        return directory.resolve(daemon).resolve("app.sock");
    }

    /** One of the programs of this module. */
    Running program(String name, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("java", "-cp", home().resolve("clients/e2e/target/lib") + "/*", main.getName()));
        command.addAll(Arrays.asList(arguments));
        return start(name, command);
    }

    Ended run(byte[] input, String... command) throws IOException, InterruptedException {
        Path err = Files.createTempFile(directory, "run", ".err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        process.getOutputStream().write(input);
        process.getOutputStream().close();
        byte[] out = process.getInputStream().readAllBytes();
        return new Ended(process.waitFor(), out, Files.readString(err));
    }

    Ended samctl(String daemon, String... arguments) throws IOException, InterruptedException {
        return samctl(daemon, new byte[0], arguments);
    }

    Ended samctl(String daemon, byte[] input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(bin("samctl"), "--socket", socket(daemon).toString()));
        command.addAll(Arrays.asList(arguments));
        return run(input, command.toArray(new String[0]));
    }

    /** Ends everything. */
    void stop() throws InterruptedException {
        for (int i = running.size() - 1; i >= 0; i--) {
            running.get(i).process().destroy();
            if (!running.get(i).process().waitFor(20, TimeUnit.SECONDS)) {
                running.get(i).process().destroyForcibly();
            }
        }
    }
}
