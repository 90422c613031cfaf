// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Policy;
import dev.samd.client.PolicySelector;
import dev.samd.client.SaTemplate;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.SaParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** A policy in options, or policies in a file. */
final class PolicyOptions {
    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Name of the policy.")
    private String name = "";

    @Option(
            names = "--file",
            paramLabel = "FILE|-",
            description = "Policies as in the daemon's configuration, YAML or JSON; goes with no option but --before.")
    private String file = "";

    @Option(names = "--action", paramLabel = "protect|bypass|discard", description = "protect if not said.")
    private Policy.@Nullable Action action;

    @Option(names = "--direction", paramLabel = "in|out", description = "Requests of this direction; else both.")
    private FilterOptions.@Nullable Way direction;

    @Option(names = "--local", paramLabel = "URI", description = "Endpoint of this host; else every one.")
    private String local = "";

    @Option(names = "--peer", paramLabel = "PATTERN", description = "The other side: coap://sensor-*; else every one.")
    private String peer = "";

    @Option(names = "--method", paramLabel = "NAME", split = ",", description = "GET,PUT; else all.")
    private List<String> methods = new ArrayList<>();

    @Option(names = "--path", paramLabel = "PATH", description = "/a, /a/*/c, /a/** (/a and below); else all.")
    private String path = "";

    @Option(names = "--kmp", paramLabel = "NAME", split = ",", description = "Who may make SAs; manual if not said.")
    private List<String> kmps = new ArrayList<>();

    @Option(
            names = "--identity",
            paramLabel = "PATTERN",
            description = "Who may be the peer: kmp=ace,type=token,issuer=…,value={host}, or a value. May be repeated.")
    private List<String> identities = new ArrayList<>();

    @Option(names = "--suite", paramLabel = "NAME|HEX", split = ",", description = "Suites in order; else all.")
    private List<String> suites = new ArrayList<>();

    @Option(names = "--content", paramLabel = "message|payload", description = "message if not said.")
    private Content content = Content.MESSAGE;

    @Option(names = "--form", paramLabel = "samd|draft", description = "Form of messages; samd if not said.")
    private InstallOptions.@Nullable FormName form;

    @Option(names = "--window", paramLabel = "N", description = "Replay window of SAs that KMPs make.")
    private int window = SaParameters.DEFAULT_WINDOW;

    @Option(names = "--reqid", paramLabel = "N", description = "Mark of SAs that KMPs make.")
    private @Nullable Long reqid;

    @Option(
            names = "--fresh",
            paramLabel = "D",
            description = "Inbound: requests prove that they were made within this time, 1s to 1d.")
    private Duration fresh = Duration.ZERO;

    @Mixin
    private LifetimeOptions lifetime = new LifetimeOptions();

    /**
     * What is said, at least one policy.
     *
     * @throws ParameterException if nothing is, or both a file and a policy
     */
    List<Policy> policies(CommandLine line, Env env) {
        if (file.isEmpty()) {
            if (name.isEmpty()) {
                throw new ParameterException(line, "name the policy: NAME, or --file FILE|-");
            }
            return List.of(policy(line));
        }
        if (!name.isEmpty()) {
            throw new ParameterException(line, "name one policy NAME, or --file FILE|-, not both");
        }
        return PolicyFile.read(line, env, file);
    }

    private Policy policy(CommandLine line) {
        return new Policy(
                name,
                new PolicySelector(
                        Optional.ofNullable(direction).map(FilterOptions.Way::direction),
                        new Endpoint(local),
                        peer,
                        methods.stream()
                                .map(method -> method.toUpperCase(Locale.ROOT))
                                .toList(),
                        path),
                action == null ? Policy.Action.PROTECT : action,
                kmps,
                identities.stream().map(text -> identity(line, text)).toList(),
                new SaTemplate(
                        suites.stream().map(CipherSuite::parse).toList(),
                        content,
                        InstallOptions.FormName.of(line, form, content),
                        lifetime.lifetime(),
                        window,
                        Numbers.unsigned(line, "--reqid", reqid)),
                fresh);
    }

    private static IdentityPattern identity(CommandLine line, String text) {
        String kmp = "";
        String issuer = "";
        String value = "";
        Optional<IdentityType> type = Optional.empty();
        for (String part : text.split(",(?=(?:kmp|type|issuer|value)=)", -1)) {
            int equals = part.indexOf('=');
            String said = part.substring(equals + 1);
            switch (equals < 0 ? "" : part.substring(0, equals)) {
                case "kmp" -> kmp = said;
                case "type" -> type = Optional.of(type(line, said));
                case "issuer" -> issuer = said;
                case "value" -> value = said;
                default -> value = part;
            }
        }
        return new IdentityPattern(kmp, type, issuer, value);
    }

    private static IdentityType type(CommandLine line, String word) {
        return Words.find(IdentityType.class, word)
                .orElseThrow(() -> new ParameterException(
                        line,
                        "--identity: '" + word + "' is no type; expected one of " + Words.of(IdentityType.class)));
    }
}
