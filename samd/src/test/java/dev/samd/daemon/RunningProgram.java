// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this class path as a real process. */
final class RunningProgram implements AutoCloseable {
    final Process process;
    final BufferedReader out;
    private final Path errors;

    private RunningProgram(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static RunningProgram start(Path directory, List<String> before, Class<?> main, String... arguments)
            throws IOException {
        return startWith(directory, before, classPath(), main, arguments);
    }

    /** With options of the JVM, which come last and so count. */
    static RunningProgram startUnder(Path directory, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        return launch(directory, List.of(), options, classPath(), main, arguments);
    }

    /** With another class path than that of the tests. */
    static RunningProgram startWith(
            Path directory, List<String> before, String classPath, Class<?> main, String... arguments)
            throws IOException {
        return launch(directory, before, List.of(), classPath, main, arguments);
    }

    private static RunningProgram launch(
            Path directory,
            List<String> before,
            List<String> options,
            String classPath,
            Class<?> main,
            String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile(directory, "stderr", ".txt");
        return new RunningProgram(
                new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
    }

    /** The class path of the tests, as it really is. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** SIGTERM; what the process says stays readable. */
    void terminate() {
        process.toHandle().destroy();
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
