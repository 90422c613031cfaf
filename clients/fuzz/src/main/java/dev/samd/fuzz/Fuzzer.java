// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs Jazzer on one decoder, in a process of its own: it ends its process with the first finding, and its memory is bounded.
 *
 * @param inputs where inputs are and go
 */
record Fuzzer(Inputs inputs) {
    private static final int HEAP_MB = 512;
    /** An input that takes longer is a finding. */
    private static final int TIMEOUT_SECONDS = 20;

    /** What the fuzzer watches: our own code, and the parsers behind it. */
    private static final String WATCHED = String.join(
            ":",
            "dev.samd.**",
            "com.upokecenter.**",
            "com.nimbusds.**",
            "org.eclipse.californium.**",
            "org.yaml.snakeyaml.**",
            "com.google.protobuf.**");

    /**
     * Helpers for regular expressions, which allocate far more than what they help, and one that looks after Unsafe, with which
     * Netty's queues do not start.
     */
    private static final String UNUSED = "com.code_intelligence.jazzer.sanitizers.RegexInjection:"
            + "com.code_intelligence.jazzer.sanitizers.RegexRoadblocks:"
            + "com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer";

    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units: *(\\d+)");
    private static final Pattern COVERED = Pattern.compile(" cov: (\\d+) ft: ");

    /** How long a run is. */
    sealed interface Extent {
        /** Until the time is over. */
        record Seconds(int seconds) implements Extent {}

        /** So many inputs, the same ones each time. */
        record Runs(int runs) implements Extent {}
    }

    /**
     * What a run came to.
     *
     * @param executions inputs that were tried
     * @param covered edges of the watched code that they reached
     * @param added inputs that reached something new, in the directory of the corpus
     * @param finding the input that is a finding; empty if there is none
     * @param output what the fuzzer said
     */
    record Outcome(long executions, long covered, int added, List<Path> finding, String output) {}

    Outcome run(Decoder decoder, Extent extent) throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(inputs.corpus(decoder));
        Path findings = Files.createDirectories(inputs.findings(decoder));
        Set<Path> before = files(corpus);
        Set<Path> known = files(findings);
        Process process = new ProcessBuilder(command(decoder, extent, corpus, findings))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        Set<Path> found = files(findings);
        found.removeAll(known);
        // Jazzer writes a program beside each input, which needs a class path of its own to be of use.
        found.removeIf(path -> path.toString().endsWith(".java"));
        if (exit != 0 && found.isEmpty()) {
            throw new IOException("the fuzzer of " + decoder.name() + " ended with " + exit + ":\n" + output);
        }
        Set<Path> added = files(corpus);
        added.removeAll(before);
        return new Outcome(last(EXECUTED, output), last(COVERED, output), added.size(), List.copyOf(found), output);
    }

    private List<String> command(Decoder decoder, Extent extent, Path corpus, Path findings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MB + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerEntry.class.getName(),
                "--target_args=" + decoder.name(),
                "--instrumentation_includes=" + WATCHED,
                "--disabled_hooks=" + UNUSED,
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-max_len=" + decoder.maxLength(),
                "-timeout=" + TIMEOUT_SECONDS,
                "-rss_limit_mb=0",
                "-print_final_stats=1"));
        if (extent instanceof Extent.Seconds time) {
            command.add("-max_total_time=" + time.seconds());
        } else if (extent instanceof Extent.Runs number) {
            command.add("-runs=" + number.runs());
            command.add("-seed=1");
        }
        if (Files.exists(inputs.dictionary(decoder))) {
            command.add("-dict=" + inputs.dictionary(decoder));
        }
        command.add(corpus.toString());
        for (Path directory : List.of(inputs.seeds(decoder), inputs.regressions(decoder))) {
            if (Files.isDirectory(directory)) {
                command.add(directory.toString());
            }
        }
        return command;
    }

    private static Set<Path> files(Path directory) throws IOException {
        Set<Path> files = new HashSet<>();
        for (String name : Inputs.read(directory).keySet()) {
            files.add(directory.resolve(name));
        }
        return files;
    }

    private static long last(Pattern pattern, String text) {
        long number = 0;
        for (Matcher found = pattern.matcher(text); found.find(); ) {
            number = Long.parseLong(found.group(1));
        }
        return number;
    }
}
