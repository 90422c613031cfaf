// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaEntry;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What an SA needs beside its name to carry traffic: its keys and how they are used. For {@code add}, and for {@code update}. */
final class InstallOptions {
    private static final List<String> REQUIRED =
            List.of("'--suite=NAME|HEX'", "'--key=HEX|@FILE|-'", "'--iv=HEX|@FILE|-'", "'--epoch=N'");

    @Option(names = "--peer-identity", paramLabel = "ID", description = "Whom it authenticates; else the peer's name.")
    private String identity = "";

    @Option(names = "--suite", paramLabel = "NAME|HEX", description = "Required: TLS_… name, AEAD, or number.")
    private String suite = "";

    @Option(names = "--key", paramLabel = "HEX|@FILE|-", description = "Required: write key, as hex text.")
    private String key = "";

    @Option(names = "--iv", paramLabel = "HEX|@FILE|-", description = "Required: fixed IV, as hex text.")
    private String iv = "";

    @Option(names = "--epoch", paramLabel = "N", description = "Required: 1 to 65535.")
    private @Nullable Integer epoch;

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

    @Option(names = "--reqid", paramLabel = "N", description = "Mark that ties it to a policy.")
    private @Nullable Long reqid;

    /** The words of {@code --form}. */
    enum FormName {
        SAMD,
        DRAFT;

        static Form of(CommandLine line, @Nullable FormName named, Content content) {
            if (content == Content.MESSAGE) {
                return named == DRAFT ? Form.DRAFT_EXACT : Form.SAMD;
            }
            if (named != null) {
                throw new ParameterException(line, "--form goes with --content message only");
            }
            return Form.NONE;
        }
    }

    /** Whether anything is said that only an installation has a use for. */
    boolean said() {
        return !missing().equals(REQUIRED);
    }

    String pairName() {
        return pair;
    }

    /**
     * The parameters of an SA of this name.
     *
     * @throws ParameterException for what is missing, or does not go together
     */
    SaParameters parameters(CommandLine line, Name name, Lifetime lifetime) {
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            throw new ParameterException(
                    line,
                    "Missing required option" + (missing.size() == 1 ? "" : "s") + ": " + String.join(", ", missing));
        }
        return new SaParameters(
                name.direction(),
                name.spi(),
                name.peer(),
                name.local(),
                Identity.manual(identity.isEmpty() ? name.peer().uri() : identity),
                CipherSuite.parse(suite),
                RecordVersion.DTLS12,
                epoch == null ? 0 : epoch,
                content,
                FormName.of(line, form, content),
                !noConnectionId,
                window,
                lifetime,
                history(line, name.direction()),
                Rights.NONE,
                Numbers.unsigned(line, "--reqid", reqid));
    }

    /** Lends the keys for one call. Says when others could see them. */
    <T> T withKeys(CommandLine line, Env env, SaParameters parameters, Function<TrafficKeys, T> call) {
        if (key.equals("-") && iv.equals("-")) {
            throw new ParameterException(line, "--key and --iv cannot both come from standard input");
        }
        KeyInput input = new KeyInput(line, env);
        try (KeyMaterial keyMaterial = input.read("--key", key);
                KeyMaterial ivMaterial = input.read("--iv", iv);
                TrafficKeys keys = new TrafficKeys(keyMaterial, ivMaterial)) {
            if (KeyInput.isExposed(key) || KeyInput.isExposed(iv)) {
                warn(env);
            }
            keys.requireFor(parameters.suite());
            return call.apply(keys);
        }
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>(REQUIRED);
        if (epoch != null) {
            missing.remove(3);
        }
        if (!iv.isEmpty()) {
            missing.remove(2);
        }
        if (!key.isEmpty()) {
            missing.remove(1);
        }
        if (!suite.isEmpty()) {
            missing.remove(0);
        }
        return missing;
    }

    private History history(CommandLine line, Direction direction) {
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
        return direction == Direction.INBOUND ? History.everythingSeenBelow(nextSequence) : sending;
    }

    private static void warn(Env env) {
        new PrintWriter(env.stderr(), true, StandardCharsets.UTF_8)
                .println("samctl: warning: a key on the command line is seen by others; use @FILE or -");
    }

    /**
     * What an SA is called.
     *
     * @param direction as the daemon sees it
     * @param spi of its records
     * @param peer the other side
     * @param local the endpoint that may use it, or {@link Endpoint#HOST_WIDE}
     */
    record Name(Direction direction, Spi spi, Endpoint peer, Endpoint local) {
        static Name of(SaEntry entry) {
            return new Name(entry.direction(), entry.spi(), entry.peer(), entry.local());
        }
    }
}
