// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program: prints what came out, and ends with 1 if something was there that must not be. */
@Command(
        name = "crashtest",
        description = "Kills daemons under load, again and again, and checks everything that they said.",
        mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
    @Parameters(hidden = true, description = "root of the project")
    private Path home = Path.of("");

    @Option(names = "--kills", required = true, description = "how often a daemon is killed")
    private int kills;

    @Option(names = "--minutes", description = "after which no more are killed; default: ${DEFAULT-VALUE}")
    private int minutes = 24 * 60;

    @Option(names = "--seed", description = "of everything that is chosen at random; default: another one each time")
    private long seed = ThreadLocalRandom.current().nextLong(1 << 30);

    @Option(names = "--durability", description = "of the daemons: power-loss or process-crash; default: the daemon's")
    private String durability = "";

    @Option(names = "--store", description = "of the daemons: embedded or memory; default: the daemon's")
    private String store = "";

    /** Ends the process with the exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("samd-crash");
        Consumer<String> log = System.err::println;
        Report report;
        try (Run run = new Run(plan(directory), log)) {
            Runtime.getRuntime().addShutdownHook(new Thread(run::endDaemons));
            report = run.run();
        }
        report.lines().forEach(System.out::println);
        if (report.violation().isPresent()) {
            System.err.println("everything is left in " + directory);
            return 1;
        }
        delete(directory);
        return 0;
    }

    private Plan plan(Path directory) {
        Map<String, String> configuration = new HashMap<>();
        put(configuration, "durability", durability);
        put(configuration, "store", store);
        return new Plan(home, directory, kills, Duration.ofMinutes(minutes), seed, configuration);
    }

    private static void put(Map<String, String> configuration, String key, String value) {
        if (!value.isEmpty()) {
            configuration.put(key, value);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
