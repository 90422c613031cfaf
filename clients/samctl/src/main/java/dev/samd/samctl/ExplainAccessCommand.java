// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.AccessAnswer;
import dev.samd.client.AccessQuestion;
import dev.samd.client.SamdClient;
import dev.samd.sa.SaId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says whether a caller may make a call. */
@Command(
        name = "access",
        description = {
            "Says whether a caller may make a call, and which rule decides. Nothing is called. For operators and auditors.",
            "Exit code 0 if it may, 1 if it may not."
        },
        mixinStandardHelpOptions = true)
final class ExplainAccessCommand implements Callable<Integer> {
    private static final long MOST_ID = 0xffff_fffeL;

    @Parameters(
            index = "0",
            paramLabel = "CALL",
            description = "The call: SadbService/Delete, or protect, where one service alone has such a call.")
    private String verb = "";

    @Option(names = "--uid", paramLabel = "N", description = "A process: its user.")
    private @Nullable Long uid;

    @Option(names = "--gid", paramLabel = "N", description = "A process: its primary group; 0 if not said.")
    private @Nullable Long gid;

    @Option(names = "--groups", paramLabel = "N", split = ",", description = "A process: its supplementary groups.")
    private List<Long> groups = List.of();

    @Option(
            names = "--san",
            paramLabel = "NAME",
            description = "Somebody with a certificate: its SPIFFE id, or dns: and its first DNS name.")
    private String san = "";

    @Option(names = "--sa", paramLabel = "ID", description = "The SA that the call is about.")
    private @Nullable Long sa;

    @Option(
            names = "--endpoint",
            paramLabel = "URI|host",
            description = "The local endpoint that the call states; host for none.")
    private String endpoint = "";

    @Option(names = "--kmp", paramLabel = "NAME", description = "The KMP that the call is made for.")
    private String kmp = "";

    @Option(
            names = "--at",
            paramLabel = "app|admin",
            description = "The socket where the caller comes in; one that serves everything if not said.")
    private String at = "";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private ExplainCommand explain;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        AccessQuestion question = question();
        AccessAnswer answer;
        try (SamdClient client = explain.samctl().connect();
                Printer printer = explain.samctl().printer()) {
            answer = client.admin().explainAccess(question);
            printer.single(people(answer), machine(answer));
        }
        return answer.allowed() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private AccessQuestion question() {
        if ((uid == null) == san.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "say who calls: --uid N, with --gid N, or --san NAME");
        }
        if (uid == null && (gid != null || !groups.isEmpty())) {
            throw new ParameterException(spec.commandLine(), "--gid and --groups go with --uid only");
        }
        return new AccessQuestion(
                uid == null
                        ? null
                        : new AccessQuestion.LocalProcess(
                                id("--uid", uid),
                                gid == null ? 0 : id("--gid", gid),
                                groups.stream()
                                        .map(group -> id("--groups", group))
                                        .toList()),
                san,
                verb,
                Optional.ofNullable(sa).map(SaId::new),
                endpoint,
                kmp,
                at);
    }

    private long id(String option, long number) {
        if (number < 0 || number > MOST_ID) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + number + "; a number of 0.." + MOST_ID + " expected");
        }
        return number;
    }

    private static Map<String, String> people(AccessAnswer answer) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("allowed", answer.allowed() ? "yes" : "no");
        facts.put("rule", answer.rule().isEmpty() ? EntryTable.NOTHING : answer.rule());
        for (int i = 0; i < answer.steps().size(); i++) {
            facts.put("step " + (i + 1), answer.steps().get(i));
        }
        return facts;
    }

    private static Json machine(AccessAnswer answer) {
        return new Json()
                .with("allowed", answer.allowed())
                .with("rule", answer.rule())
                .with("steps", answer.steps());
    }
}
