// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.client.SamdClient;
import dev.samd.client.SamdUnavailableException;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A host with its daemon, which lives and dies, and with the clients of it, which stay. The lives are one thread's. */
final class Host implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final int MOST_TRIALS = 100;
    private static final long TRIAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final int index;
    private final Path directory;
    private final Path program;
    private final Journal journal;
    private final SamdClient client;
    private final SamdClient manager;
    private final UnaryRecords unary;
    private final List<Integer> startMillis = new ArrayList<>();

    private volatile @Nullable Process process;
    private long startNanos;

    /**
     * @param index which of the two it is
     * @param plan says where it lives, and how
     */
    Host(int index, Plan plan, Journal journal) {
        this.index = index;
        this.directory = plan.directory().resolve("samd" + index);
        this.program = plan.home().resolve("bin/samd");
        this.journal = journal;
        try {
            Files.createDirectories(directory);
            Files.writeString(
                    directory.resolve("samd.yaml"),
                    plan.configuration().entrySet().stream()
                            .map(setting -> setting.getKey() + ": " + setting.getValue() + "\n")
                            .collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.client = SamdClient.connect(socket());
        this.manager = SamdClient.connect(socket());
        this.unary = new UnaryRecords(socket());
    }

    int index() {
        return index;
    }

    /** For records, by streams. */
    SamdClient client() {
        return client;
    }

    /** For SAs. */
    SamdClient manager() {
        return manager;
    }

    /** For records, one by one. */
    UnaryRecords unary() {
        return unary;
    }

    /** How long each start took until the daemon served. */
    List<Integer> startMillis() {
        return startMillis;
    }

    /** How long a start takes, more or less. */
    int usualStartMillis() {
        List<Integer> sorted = startMillis.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Starts the daemon, and does not wait for it. */
    void start() {
        journal.add(Entry.Kind.STARTED, index);
        startNanos = System.nanoTime();
        try {
            ProcessBuilder samd = new ProcessBuilder(
                            program.toString(),
                            "--socket",
                            socket().toString(),
                            "--state-dir",
                            directory.resolve("state").toString(),
                            "--config",
                            directory.resolve("samd.yaml").toString())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
            // It lives for seconds: the second compiler would cost more than it gives.
            samd.environment().put("SAMD_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
            process = samd.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the daemon serves; a daemon that does not is a violation. */
    void awaitReady() throws InterruptedException {
        Process started = running();
        try {
            String line = started.inputReader().readLine();
            if (line == null || !line.startsWith("samd ready")) {
                started.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                throw new ViolationException("samd " + index + " does not start:\n" + lastWords());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        startMillis.add(millis);
        journal.add(Entry.Kind.READY, index, 0, millis);
    }

    /**
     * Waits until every client has found the daemon that serves: a call that follows another one which found no socket may be
     * told the same once more, without a trial.
     */
    void awaitClients() {
        for (int trial = 0; trial < MOST_TRIALS; trial++) {
            try {
                client.admin().info();
                manager.admin().info();
                unary.open(Octets.of((byte) 0), "");
                return;
            } catch (SamdUnavailableException | NoAnswerException e) {
                LockSupport.parkNanos(TRIAL_NANOS);
            }
        }
        throw new ViolationException("samd " + index + " serves, and is not found by its clients");
    }

    /** Ends the daemon as nothing ends a program that is asked: with SIGKILL. */
    void kill() throws InterruptedException {
        Process killed = running();
        killed.destroyForcibly();
        killed.waitFor();
        journal.add(Entry.Kind.KILLED, index);
    }

    /** Ends the daemon with SIGTERM, and waits until it has stopped; one that does not stop well is a violation. */
    void stop() throws InterruptedException {
        Process stopped = running();
        stopped.destroy();
        if (!stopped.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || stopped.exitValue() != 0) {
            throw new ViolationException("samd " + index + " does not stop well:\n" + lastWords());
        }
        journal.add(Entry.Kind.STOPPED, index);
    }

    private Process running() {
        Process last = process;
        if (last == null) {
            throw new IllegalStateException("samd " + index + " was never started");
        }
        return last;
    }

    private Path socket() {
        return directory.resolve("app.sock");
    }

    private Path log() {
        return directory.resolve("samd.err");
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        manager.close();
        unary.close();
        end();
    }

    /** Ends the daemon, if there is one. Any thread. */
    void end() {
        Process last = process;
        if (last != null) {
            last.destroyForcibly();
        }
    }
}
