// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Policy;
import dev.samd.client.PolicySelector;
import dev.samd.client.SaTemplate;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.SaParameters;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * Policies in YAML, of which JSON is a part: one, a list of them, or a whole configuration of the daemon, of which the key
 * {@code policies} counts. What is unknown, twice or of the wrong kind is refused with its line.
 */
final class PolicyFile {
    private static final Set<String> KEYS = Set.of(
            "name",
            "direction",
            "local",
            "peer",
            "methods",
            "path",
            "action",
            "kmp",
            "identities",
            "suites",
            "content",
            "form",
            "lifetime",
            "window",
            "reqid",
            "fresh");
    private static final Set<String> IDENTITY_KEYS = Set.of("kmp", "type", "issuer", "value");
    private static final Set<String> LIFETIME_KEYS = Set.of("soft", "hard");
    private static final Set<String> LIMIT_KEYS =
            Set.of("add_time", "use_time", "records", "octets", "failed_openings");
    private static final long MAX_UNSIGNED = 0xffff_ffffL;

    private PolicyFile() {}

    /**
     * Reads a file, or standard input.
     *
     * @throws ParameterException if it cannot be read, or says no policy
     */
    static List<Policy> read(CommandLine line, Env env, String argument) {
        Yaml root = Yaml.read(line, env, "--file", argument);
        Yaml policies = root.find("policies").orElse(root);
        List<Policy> read = policies.items().stream().map(PolicyFile::policy).toList();
        if (read.isEmpty()) {
            throw policies.wrong("no policy");
        }
        return read;
    }

    private static Policy policy(Yaml yaml) {
        yaml.requireKeys(KEYS);
        return new Policy(
                yaml.find("name")
                        .orElseThrow(() -> yaml.wrong("a policy without a name"))
                        .text(),
                selector(yaml),
                yaml.find("action")
                        .orElseThrow(() -> yaml.wrong("a policy without an action"))
                        .word(Policy.Action.class),
                texts(yaml, "kmp"),
                yaml.find("identities").map(Yaml::items).orElse(List.of()).stream()
                        .map(PolicyFile::identity)
                        .toList(),
                template(yaml),
                time(yaml, "fresh"));
    }

    private static PolicySelector selector(Yaml yaml) {
        return new PolicySelector(
                yaml.find("direction").flatMap(PolicyFile::direction),
                yaml.find("local").map(node -> node.read(Endpoint::new)).orElse(Endpoint.HOST_WIDE),
                text(yaml, "peer"),
                texts(yaml, "methods").stream()
                        .map(method -> method.toUpperCase(Locale.ROOT))
                        .toList(),
                text(yaml, "path"));
    }

    private static Optional<Direction> direction(Yaml yaml) {
        return switch (yaml.text().toLowerCase(Locale.ROOT)) {
            case "in", "inbound" -> Optional.of(Direction.INBOUND);
            case "out", "outbound" -> Optional.of(Direction.OUTBOUND);
            case "both" -> Optional.empty();
            default -> throw yaml.wrong("'" + yaml.text() + "' is no direction; in, out or both expected");
        };
    }

    /** Four patterns by their keys, or the one of the value alone. */
    private static IdentityPattern identity(Yaml yaml) {
        if (yaml.isText()) {
            return new IdentityPattern("", Optional.empty(), "", yaml.text());
        }
        yaml.requireKeys(IDENTITY_KEYS);
        return new IdentityPattern(
                text(yaml, "kmp"),
                yaml.find("type").map(node -> node.word(IdentityType.class)),
                text(yaml, "issuer"),
                text(yaml, "value"));
    }

    private static SaTemplate template(Yaml yaml) {
        Content content =
                yaml.find("content").map(node -> node.word(Content.class)).orElse(Content.MESSAGE);
        Form usual = content == Content.MESSAGE ? Form.SAMD : Form.NONE;
        return new SaTemplate(
                yaml.find("suites").map(Yaml::items).orElse(List.of()).stream()
                        .map(node -> node.read(PolicyFile::suite))
                        .toList(),
                content,
                yaml.find("form").map(PolicyFile::form).orElse(usual),
                yaml.find("lifetime").map(PolicyFile::lifetime).orElse(Lifetime.UNLIMITED),
                (int) number(yaml, "window", SaParameters.DEFAULT_WINDOW, MAX_UNSIGNED),
                (int) number(yaml, "reqid", 0, MAX_UNSIGNED));
    }

    private static CipherSuite suite(String text) {
        return CipherSuite.parse(text.startsWith("0x") ? text.substring(2) : text);
    }

    private static Form form(Yaml yaml) {
        return yaml.text().equalsIgnoreCase("draft") ? Form.DRAFT_EXACT : yaml.word(Form.class);
    }

    private static Lifetime lifetime(Yaml yaml) {
        yaml.requireKeys(LIFETIME_KEYS);
        return new Lifetime(
                yaml.find("soft").map(PolicyFile::limits).orElse(Limits.NONE),
                yaml.find("hard").map(PolicyFile::limits).orElse(Limits.NONE));
    }

    private static Limits limits(Yaml yaml) {
        yaml.requireKeys(LIMIT_KEYS);
        return new Limits(
                time(yaml, "add_time"),
                time(yaml, "use_time"),
                number(yaml, "records", 0, Long.MAX_VALUE),
                number(yaml, "octets", 0, Long.MAX_VALUE),
                number(yaml, "failed_openings", 0, Long.MAX_VALUE));
    }

    private static Duration time(Yaml yaml, String key) {
        Optional<Yaml> node = yaml.find(key);
        try {
            return node.map(Yaml::text).map(Durations::parse).orElse(Duration.ZERO);
        } catch (TypeConversionException e) {
            throw node.orElse(yaml).wrong(String.valueOf(e.getMessage()));
        }
    }

    private static long number(Yaml yaml, String key, long otherwise, long most) {
        return yaml.find(key).map(node -> node.number(most)).orElse(otherwise);
    }

    private static String text(Yaml yaml, String key) {
        return yaml.find(key).map(Yaml::text).orElse("");
    }

    private static List<String> texts(Yaml yaml, String key) {
        return yaml.find(key).map(Yaml::items).orElse(List.of()).stream()
                .map(Yaml::text)
                .toList();
    }
}
