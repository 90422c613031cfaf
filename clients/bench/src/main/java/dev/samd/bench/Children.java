// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes of this program, and of the daemon. */
final class Children {
    private static final int PATIENCE_SECONDS = 60;

    private Children() {}

    /** The beginning of a command line: this Java with these flags and this class path. */
    static List<String> java(List<String> flags) {
        return java(flags, System.getProperty("java.class.path"));
    }

    /** The beginning of a command line: this Java with these flags and that class path. */
    static List<String> java(List<String> flags, String classPath) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(classPath);
        return command;
    }

    /** Starts a process whose standard error is ours, and that does not outlive this one. */
    static Child start(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            return new Child(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a process, and waits for the line by which it says that it serves. */
    static Child startUntil(String beginning, List<String> command) throws IOException {
        Child child = start(command);
        String line = child.output().readLine();
        if (line == null || !line.startsWith(beginning)) {
            child.close();
            throw new IllegalStateException("\"" + beginning + "\" expected, not \"" + line + "\"");
        }
        return child;
    }

    /** A process that ends when this is closed. */
    static final class Child implements AutoCloseable {
        private final Process process;

        private Child(Process process) {
            this.process = process;
        }

        /** What it says. */
        BufferedReader output() {
            return process.inputReader();
        }

        /** Time it has spent on processors so far, to a hundredth of a second. */
        Duration cpu() {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }

        /** Its number. */
        long pid() {
            return process.pid();
        }

        /** SIGKILL. */
        void kill() {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
