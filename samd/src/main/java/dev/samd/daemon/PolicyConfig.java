// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.coap.PathPattern;
import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.policy.PolicySelector;
import dev.samd.engine.PolicyRule.Action;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The list of policies in the configuration. */
final class PolicyConfig {
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
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(s|m|h|d)");

    private final ConfigNode whole;
    private final Map<String, ConfigNode> values;

    private PolicyConfig(ConfigNode whole) {
        this.whole = whole;
        this.values = whole.mapping(KEYS);
    }

    static List<Policy> read(ConfigNode list) {
        List<Policy> policies = new ArrayList<>();
        for (ConfigNode item : list.list()) {
            Policy policy = new PolicyConfig(item).policy();
            policies.add(policy);
            item.checked(() -> Policies.of(policies));
        }
        return List.copyOf(policies);
    }

    private Policy policy() {
        Content content = value("content", name -> word(Content.class, name), Content.MESSAGE);
        Form form = value("form", name -> word(Form.class, name), content == Content.MESSAGE ? Form.SAMD : Form.NONE);
        PolicySelector selector = selector();
        return whole.checked(() -> new Policy(
                selector,
                new PolicyEntry(
                        required("name").text(),
                        required("action").as(name -> word(Action.class, name)),
                        texts("kmp"),
                        identities(),
                        suites(),
                        content,
                        form,
                        lifetime(),
                        (int) number("window", 64, 4096, SaParameters.DEFAULT_WINDOW),
                        (int) number("reqid", 0, 0xffff_ffffL, 0),
                        fresh())));
    }

    private PolicySelector selector() {
        String peer = value(
                "peer",
                name -> new PolicySelector(Optional.empty(), Endpoint.HOST_WIDE, name, 0, PathPattern.ANY).peer(),
                "");
        ConfigNode methods = values.get("methods");
        return new PolicySelector(
                direction(),
                value("local", Endpoint::new, Endpoint.HOST_WIDE),
                peer,
                methods == null ? 0 : methods.checked(() -> PolicySelector.methodsOf(methods.texts())),
                value("path", PathPattern::parse, PathPattern.ANY));
    }

    private Optional<Direction> direction() {
        ConfigNode node = values.get("direction");
        return node == null || node.text().equals("both")
                ? Optional.empty()
                : Optional.of(node.as(name -> word(Direction.class, name)));
    }

    private List<IdentityPattern> identities() {
        ConfigNode node = values.get("identities");
        return node == null
                ? List.of()
                : node.list().stream().map(PolicyConfig::identity).toList();
    }

    /** One value alone is the pattern of the name. */
    private static IdentityPattern identity(ConfigNode node) {
        if (node.isText()) {
            return new IdentityPattern("", Optional.empty(), "", node.text());
        }
        Map<String, ConfigNode> parts = node.mapping(IDENTITY_KEYS);
        ConfigNode type = parts.get("type");
        return new IdentityPattern(
                textOf(parts.get("kmp")),
                type == null ? Optional.empty() : Optional.of(type.as(name -> word(IdentityType.class, name))),
                textOf(parts.get("issuer")),
                textOf(parts.get("value")));
    }

    private static String textOf(@Nullable ConfigNode node) {
        return node == null ? "" : node.text();
    }

    private List<CipherSuite> suites() {
        ConfigNode node = values.get("suites");
        return node == null
                ? List.of()
                : node.list().stream()
                        .map(item ->
                                item.as(name -> CipherSuite.parse(name.startsWith("0x") ? name.substring(2) : name)))
                        .toList();
    }

    private Lifetime lifetime() {
        ConfigNode node = values.get("lifetime");
        if (node == null) {
            return Lifetime.UNLIMITED;
        }
        Map<String, ConfigNode> parts = node.mapping(LIFETIME_KEYS);
        return new Lifetime(limits(parts.get("soft")), limits(parts.get("hard")));
    }

    private static Limits limits(@Nullable ConfigNode node) {
        if (node == null) {
            return Limits.NONE;
        }
        Map<String, ConfigNode> parts = node.mapping(LIMIT_KEYS);
        return node.checked(() -> new Limits(
                duration(parts.get("add_time")),
                duration(parts.get("use_time")),
                count(parts.get("records")),
                count(parts.get("octets")),
                count(parts.get("failed_openings"))));
    }

    /** One that says nothing asks for nothing; zero would be no time within which anything could arrive. */
    private Duration fresh() {
        ConfigNode node = values.get("fresh");
        Duration time = duration(node);
        if (node != null && time.isZero()) {
            throw node.wrong("fresh is " + node.text() + "; 1s..1d expected");
        }
        return time;
    }

    private static long count(@Nullable ConfigNode node) {
        return node == null ? 0 : node.number(0, Long.MAX_VALUE);
    }

    private static Duration duration(@Nullable ConfigNode node) {
        if (node == null) {
            return Duration.ZERO;
        }
        Matcher parts = DURATION.matcher(node.text());
        if (!parts.matches()) {
            throw node.wrong("\"" + node.text() + "\" is no duration; write 90s, 30m, 12h or 7d");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static <E extends Enum<E>> E word(Class<E> type, String name) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(name)) {
                return constant;
            }
        }
        String known = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList()
                .toString();
        throw new SaException(SaError.MALFORMED, name, "\"" + name + "\" is none of " + known);
    }

    private ConfigNode required(String key) {
        ConfigNode node = values.get(key);
        if (node == null) {
            throw whole.wrong("policy without " + key);
        }
        return node;
    }

    private <R> R value(String key, Function<String, R> reader, R otherwise) {
        ConfigNode node = values.get(key);
        return node == null ? otherwise : node.as(reader);
    }

    private List<String> texts(String key) {
        ConfigNode node = values.get(key);
        return node == null ? List.of() : node.texts();
    }

    private long number(String key, long least, long most, long otherwise) {
        ConfigNode node = values.get(key);
        return node == null ? otherwise : node.number(least, most);
    }
}
