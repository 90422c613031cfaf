// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Added;
import dev.samd.client.NewSa;
import dev.samd.client.SamdClient;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Installs one SA from keys made by hand. */
@Command(name = "add", description = "Installs one SA with its keys.", mixinStandardHelpOptions = true)
final class SaAddCommand implements Callable<Integer> {
    @Option(names = "--direction", paramLabel = "in|out", required = true, description = "As this daemon sees it.")
    private Way direction = Way.IN;

    @Option(names = "--spi", paramLabel = "HEX", required = true, description = "1 to 20 octets.")
    private String spi = "";

    @Option(names = "--peer", paramLabel = "URI", required = true, description = "Name of the other side.")
    private String peer = "";

    @Option(names = "--local", paramLabel = "URI", description = "Endpoint that may use it; else every one.")
    private String local = "";

    @Option(names = "--peer-identity", paramLabel = "ID", description = "Whom it authenticates; else the peer's name.")
    private String identity = "";

    @Option(names = "--suite", paramLabel = "NAME|HEX", required = true, description = "TLS_… name, AEAD, or number.")
    private String suite = "";

    @Option(names = "--key", paramLabel = "HEX|@FILE|-", required = true, description = "Write key, as hex text.")
    private String key = "";

    @Option(names = "--iv", paramLabel = "HEX|@FILE|-", required = true, description = "Fixed IV, as hex text.")
    private String iv = "";

    @Option(names = "--epoch", paramLabel = "N", required = true, description = "1 to 65535.")
    private int epoch;

    @Option(names = "--fresh", description = "The key was never used in this direction.")
    private boolean fresh;

    @Option(
            names = "--next-seq",
            paramLabel = "N",
            description = "Outbound: the first number to use. Inbound: everything below counts as seen.")
    private @Nullable Long nextSequence;

    @Option(names = "--pair", paramLabel = "NAME", description = "Two SAs of one name form a pair.")
    private String pair = "";

    @Option(names = "--content", paramLabel = "message|payload|raw", description = "message if not said.")
    private Content content = Content.MESSAGE;

    @Option(names = "--form", paramLabel = "samd|draft", description = "Form of messages; samd if not said.")
    private @Nullable FormName form;

    @Option(names = "--no-cid", description = "Records carry no connection ID; raw or draft only.")
    private boolean noConnectionId;

    @Option(names = "--window", paramLabel = "N", description = "Replay window in records, 64 to 4096.")
    private int window = SaParameters.DEFAULT_WINDOW;

    @Mixin
    private LifetimeOptions lifetime = new LifetimeOptions();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private SaCommand parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    /** The words of {@code --direction}. */
    enum Way {
        IN,
        OUT
    }

    /** The words of {@code --form}. */
    enum FormName {
        SAMD,
        DRAFT
    }

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        Samctl samctl = parent.samctl();
        SaParameters parameters = parameters(line);
        if (key.equals("-") && iv.equals("-")) {
            throw new ParameterException(line, "--key and --iv cannot both come from standard input");
        }
        KeyInput input = new KeyInput(line, samctl.env());
        try (KeyMaterial keyMaterial = input.read("--key", key);
                KeyMaterial ivMaterial = input.read("--iv", iv);
                TrafficKeys keys = new TrafficKeys(keyMaterial, ivMaterial);
                SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            if (KeyInput.isExposed(key) || KeyInput.isExposed(iv)) {
                warn(samctl.env());
            }
            keys.requireFor(parameters.suite());
            Added added = client.sadb().add(NewSa.of(parameters, keys).withPairName(pair));
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

    private SaParameters parameters(CommandLine line) {
        Endpoint peerName = Endpoint.parse(peer);
        return new SaParameters(
                direction == Way.IN ? Direction.INBOUND : Direction.OUTBOUND,
                SelectorOptions.spi(line, "--spi", spi),
                peerName,
                new Endpoint(local),
                Identity.manual(identity.isEmpty() ? peerName.uri() : identity),
                CipherSuite.parse(suite),
                RecordVersion.DTLS12,
                epoch,
                content,
                form(line),
                !noConnectionId,
                window,
                lifetime.lifetime(),
                history(line));
    }

    private Form form(CommandLine line) {
        if (content == Content.MESSAGE) {
            return form == FormName.DRAFT ? Form.DRAFT_EXACT : Form.SAMD;
        }
        if (form != null) {
            throw new ParameterException(line, "--form goes with --content message only");
        }
        return Form.NONE;
    }

    private History history(CommandLine line) {
        if (fresh == (nextSequence != null)) {
            throw new ParameterException(
                    line,
                    "say either --fresh or --next-seq N: there is no default, so that no used key begins at 0 again");
        }
        if (nextSequence == null) {
            return History.FRESH;
        }
        // Made for both directions, because it refuses the number as it was typed.
        History.ResumeSending sending = new History.ResumeSending(nextSequence);
        return direction == Way.IN ? History.everythingSeenBelow(nextSequence) : sending;
    }

    private static void warn(Env env) {
        new PrintWriter(env.stderr(), true, StandardCharsets.UTF_8)
                .println("samctl: warning: a key on the command line is seen by others; use @FILE or -");
    }
}
