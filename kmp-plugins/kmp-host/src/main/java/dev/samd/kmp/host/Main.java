// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.kmp.KmpProvider;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program {@code kmpd}. Exit codes: 0 stopped when asked to, 1 could not start or stop, 2 bad usage. */
@Command(
        name = "kmpd",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Runs the key management protocols that give samd its security associations.")
public final class Main implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Configuration in YAML.")
    private @Nullable Path configFile;

    /** Held, since a logger that nobody holds forgets its level. */
    private final List<Logger> quieted =
            List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.grpc.netty"), Logger.getLogger("io.netty"));

    private Main() {}

    /** Runs until it is asked to stop. */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("kmpd: " + failure.getMessage());
                    return 1;
                })
                .execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        // What strangers send is counted, not logged.
        quieted.forEach(logger -> logger.setLevel(Level.OFF));
        List<KmpProvider> providers = ServiceLoader.load(KmpProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(KmpProvider::name))
                .toList();
        Set<String> names = providers.stream().map(KmpProvider::name).collect(Collectors.toCollection(TreeSet::new));
        if (configFile == null) {
            throw new ConfigException("no configuration: say --config FILE");
        }
        HostConfig config = HostConfig.read(configFile, names);
        Host host = Host.start(config, providers);
        CountDownLatch stopped = new CountDownLatch(1);
        stopOnSignal(host, stopped);
        System.out.println(
                "kmpd ready listen=" + Addresses.text(host.address()) + " kmps=" + String.join(",", host.kmps())
                        + " pid=" + ProcessHandle.current().pid());
        System.out.flush();
        stopped.await();
        return 0;
    }

    private static void stopOnSignal(Host host, CountDownLatch stopped) {
        Thread hook = new Thread(
                () -> {
                    int code = 0;
                    try {
                        host.close();
                    } catch (RuntimeException e) {
                        LoggerFactory.getLogger("kmpd").error("could not stop in order", e);
                        code = 1;
                    }
                    stopped.countDown();
                    // The virtual machine would end with 143: it takes every signal for an accident.
                    Runtime.getRuntime().halt(code);
                },
                "samd-kmp-stop-1");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The version of the build. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"kmpd " + (version == null ? "development" : version)};
        }
    }
}
