// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ace-as serve}: answers POST /token until the process is told to stop. */
@Command(name = "serve", description = "Answers POST /token over DTLS with pre-shared keys.")
final class ServeCommand implements Callable<Integer> {
    private final Clock clock;
    private final RandomGenerator random;

    @Option(names = "--config", required = true, description = "File of the authorization server.")
    private Path config = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init") // set before the call
    private CommandSpec spec;

    ServeCommand(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        AsConfig settings = AsConfig.read(config);
        TokenEndpoint endpoint = new TokenEndpoint(settings, new TokenIssuer(settings, random));
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown, "ace-as-stop"));
        try (TokenServerSocket socket = TokenServerSocket.open(settings, endpoint, clock)) {
            spec.commandLine().getOut().println("ace-as ready uri=" + socket.uri());
            stop.await();
        }
        return 0;
    }
}
