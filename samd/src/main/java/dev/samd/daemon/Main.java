// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program {@code samd}. Exit codes: 0 stopped when asked to, 1 could not start or stop, 2 bad usage. */
@Command(
        name = "samd",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Keeps the security associations of CoAP programs, and protects their messages.")
public final class Main implements Callable<Integer> {
    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Unix socket to serve on. Needed here or in the configuration.")
    private @Nullable Path socket;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Directory of the daemon's own files. Needed here or in the configuration.")
    private @Nullable Path stateDir;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration in YAML.")
    private @Nullable Path configFile;

    /** Held, since a logger that nobody holds forgets its level. */
    private final List<Logger> quieted =
            List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.grpc.netty"), Logger.getLogger("io.netty"));

    private Main() {}

    /** Runs until it is asked to stop. */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("samd: " + failure.getMessage());
                    return 1;
                })
                .execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        // The transport logs what strangers send, a stack for each: that is counted, not logged.
        quieted.forEach(logger -> logger.setLevel(Level.OFF));
        ConfigFile file = configFile == null ? ConfigFile.empty() : ConfigFile.read(configFile);
        SamdConfig config = SamdConfig.of(file, socket, stateDir);
        Daemon daemon = Daemon.start(config);
        CountDownLatch stopped = new CountDownLatch(1);
        Lifecycle.stopOnSignal(daemon, stopped);
        PrintStream out = System.out;
        out.println("samd ready socket=" + config.socket() + others(config, daemon) + " pid="
                + ProcessHandle.current().pid() + " instance=" + daemon.instance());
        out.flush();
        stopped.await();
        return 0;
    }

    private static String others(SamdConfig config, Daemon daemon) {
        String admin = config.access().adminSocket() == null
                ? ""
                : " admin_socket=" + config.access().adminSocket();
        return admin + (daemon.tlsPort() == 0 ? "" : " tls_port=" + daemon.tlsPort());
    }

    /** The version of the build. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"samd " + (version == null ? "development" : version)};
        }
    }
}
