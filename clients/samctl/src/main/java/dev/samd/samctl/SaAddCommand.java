// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Added;
import dev.samd.client.NewSa;
import dev.samd.client.SamdClient;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Installs one SA from keys made by hand. */
@Command(name = "add", description = "Installs one SA with its keys.", mixinStandardHelpOptions = true)
final class SaAddCommand implements Callable<Integer> {
    @Option(names = "--direction", paramLabel = "in|out", required = true, description = "As this daemon sees it.")
    private FilterOptions.Way direction = FilterOptions.Way.IN;

    @Option(names = "--spi", paramLabel = "HEX", required = true, description = "1 to 20 octets.")
    private String spi = "";

    @Option(names = "--peer", paramLabel = "URI", required = true, description = "Name of the other side.")
    private String peer = "";

    @Option(names = "--local", paramLabel = "URI", description = "Endpoint that may use it; else every one.")
    private String local = "";

    @Mixin
    private InstallOptions installation = new InstallOptions();

    @Mixin
    private LifetimeOptions lifetime = new LifetimeOptions();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private SaCommand parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        Samctl samctl = parent.samctl();
        InstallOptions.Name name = new InstallOptions.Name(
                direction.direction(),
                SelectorOptions.spi(line, "--spi", spi),
                Endpoint.parse(peer),
                new Endpoint(local));
        SaParameters parameters = installation.parameters(line, name, lifetime.lifetime());
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            Added added = installation.withKeys(line, samctl.env(), parameters, keys -> client.sadb()
                    .add(NewSa.of(parameters, keys).withPairName(installation.pairName())));
            Map<String, String> people = new LinkedHashMap<>();
            people.put("id", added.id().toString());
            people.put("pair", added.pair().isNone() ? "-" : added.pair().toString());
            printer.single(
                    people,
                    new Json()
                            .with("sa_id", added.id().value())
                            .with("pair_id", added.pair().value()));
        }
        return ExitCode.DONE;
    }
}
