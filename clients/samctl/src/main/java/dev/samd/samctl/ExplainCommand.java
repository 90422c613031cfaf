// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.ExplainRequest;
import dev.samd.client.Explanation;
import dev.samd.client.SamdClient;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says which policy and which SA apply, and why something fails. */
@Command(
        name = "explain",
        description = {
            "Says which policy and which SA apply to a message, and why something fails. Shows neither keys nor what is inside"
                    + " of a message, seals nothing, and moves no window; a captured record with a wrong tag counts as a forgery.",
            "With access: whether a caller may make a call."
        },
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    /** A CoAP message in hexadecimal text, with room for white space. */
    private static final int MAX_TEXT = 4 * 65_535;

    @Option(names = "--target", paramLabel = "URI", description = "A request that might be sent there.")
    private String target = "";

    @Option(names = "--arriving", description = "A request in clear that might arrive.")
    private boolean arriving;

    @Option(
            names = "--message",
            paramLabel = "HEX|@FILE|-",
            description = "A captured message, as hex text; it tells its endpoint, unless --local does.")
    private String message = "";

    @Option(names = "--local", paramLabel = "URI", description = "The endpoint of this host.")
    private String local = "";

    @Option(names = "--method", paramLabel = "NAME", description = "With --target or --arriving; GET if not said.")
    private String method = "";

    @Option(names = "--path", paramLabel = "PATH", description = "With --target or --arriving; the root if not said.")
    private String path = "";

    @Option(names = "--peer", paramLabel = "URI", description = "With --message without connection ID: the peer.")
    private String peer = "";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Samctl samctl;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        ExplainRequest question = question(spec.commandLine());
        try (SamdClient client = samctl.connect();
                Printer printer = samctl.printer()) {
            Explanation answer = client.admin().explain(question);
            printer.single(people(answer), machine(answer));
        }
        return ExitCode.DONE;
    }

    Samctl samctl() {
        return samctl;
    }

    private ExplainRequest question(CommandLine line) {
        int questions = (target.isEmpty() ? 0 : 1) + (arriving ? 1 : 0) + (message.isEmpty() ? 0 : 1);
        if (questions != 1) {
            throw new ParameterException(line, "ask one thing: --target URI, --arriving, or --message HEX|@FILE|-");
        }
        if (!message.isEmpty()) {
            if (!method.isEmpty() || !path.isEmpty()) {
                throw new ParameterException(line, "--method and --path go with --target and --arriving only");
            }
            Octets captured = captured(line);
            return new ExplainRequest.Captured(
                    captured, local.isEmpty() ? ArrivedAt.of(captured) : new Endpoint(local), new Endpoint(peer));
        }
        if (!peer.isEmpty()) {
            throw new ParameterException(line, "--peer goes with --message only");
        }
        String name = method.toUpperCase(Locale.ROOT);
        return arriving
                ? new ExplainRequest.Receiving(new Endpoint(local), name, path)
                : new ExplainRequest.Sending(new Endpoint(local), Endpoint.parse(target), name, path);
    }

    private Octets captured(CommandLine line) {
        if (message.equals("-")) {
            return text(line, "standard input", samctl.env().stdin());
        }
        if (!message.startsWith("@")) {
            return Hex.argument(line, "--message", message.replaceAll("\\s", ""));
        }
        Path file = Path.of(message.substring(1));
        try (InputStream in = Files.newInputStream(file)) {
            return text(line, "file " + file, in);
        } catch (NoSuchFileException e) {
            throw new ParameterException(line, "--message: file " + file + " does not exist");
        } catch (IOException e) {
            throw new ParameterException(line, "--message: file " + file + " cannot be read");
        }
    }

    private static Octets text(CommandLine line, String where, InputStream in) {
        try {
            byte[] text = in.readNBytes(MAX_TEXT + 1);
            if (text.length > MAX_TEXT) {
                throw new ParameterException(line, "--message: " + where + " holds more than one message can be");
            }
            Octets octets = Hex.text(new String(text, StandardCharsets.ISO_8859_1));
            if (octets.isEmpty()) {
                throw new ParameterException(line, "--message: " + where + " is empty; one CoAP message expected");
            }
            return octets;
        } catch (IOException e) {
            throw new ParameterException(line, "--message: " + where + " cannot be read");
        } catch (IllegalArgumentException e) {
            throw new ParameterException(line, "--message: " + where + " is not an even number of hexadecimal digits");
        }
    }

    private static Map<String, String> people(Explanation answer) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("verdict", answer.verdict());
        facts.put("policy", answer.policy().isEmpty() ? EntryTable.NOTHING : answer.policy());
        answer.refusal().ifPresent(refusal -> facts.put("refusal", refusal.error() + ": " + refusal.getMessage()));
        for (int i = 0; i < answer.steps().size(); i++) {
            facts.put("step " + (i + 1), answer.steps().get(i));
        }
        for (Explanation.Candidate candidate : answer.candidates()) {
            facts.put("SA " + candidate.sa(), (candidate.chosen() ? "chosen: " : "not: ") + candidate.reason());
        }
        return facts;
    }

    private static Json machine(Explanation answer) {
        Json json = new Json()
                .with("verdict", answer.verdict())
                .with("policy", answer.policy())
                .with("steps", answer.steps())
                .with(
                        "candidates",
                        answer.candidates().stream()
                                .map(ExplainCommand::machine)
                                .toList());
        answer.refusal().ifPresent(refusal -> json.with("refusal", EntryJson.refusal(refusal)));
        return json;
    }

    private static Json machine(Explanation.Candidate candidate) {
        Json json = new Json()
                .with("sa_id", candidate.sa().value())
                .with("chosen", candidate.chosen())
                .with("reason", candidate.reason());
        candidate.entry().ifPresent(entry -> json.with("entry", EntryJson.of(entry)));
        return json;
    }
}
