// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.coap.OptionNumbers;
import dev.samd.daemon.observe.AuditSettings;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.store.Durability;
import dev.samd.daemon.store.StoreSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** The YAML file, read key by key. */
final class ConfigFile {
    private static final Set<String> KEYS = Set.of(
            "socket",
            "state_dir",
            "event_log_size",
            "stop_patience_seconds",
            "max_associations",
            "max_keys",
            "option_numbers",
            "admin_socket",
            "listen",
            "access",
            "kmps",
            "policies",
            "store",
            "durability",
            "guard_file",
            "key",
            "audit");
    private static final Set<String> OPTION_KEYS = Set.of("record", "rec_bind", "payload_format");

    private final Map<String, ConfigNode> values;

    private ConfigFile(Map<String, ConfigNode> values) {
        this.values = values;
    }

    /** A file in which nothing is said. */
    static ConfigFile empty() {
        return new ConfigFile(Map.of());
    }

    /** @throws ConfigException if the file cannot be read, or is not what it has to be */
    static ConfigFile read(Path path) {
        String text;
        try {
            text = Files.readString(path);
        } catch (IOException e) {
            throw new ConfigException("configuration " + path + " cannot be read: " + e.getMessage());
        }
        return parse(path.toString(), text);
    }

    static ConfigFile parse(String name, String text) {
        Node root;
        try (Reader reader = new StringReader(text)) {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
        } catch (YAMLException | IOException e) {
            throw new ConfigException(name + " is not YAML: " + e.getMessage());
        }
        return root == null ? empty() : new ConfigFile(new ConfigNode(name, "", root).mapping(KEYS));
    }

    @Nullable
    Path path(String key) {
        ConfigNode node = values.get(key);
        if (node == null) {
            return null;
        }
        if (node.text().isEmpty()) {
            throw node.wrong(key + " is empty");
        }
        try {
            return Path.of(node.text());
        } catch (InvalidPathException e) {
            throw node.wrong(key + " is no path");
        }
    }

    int number(String key, int least, int most, int otherwise) {
        return number(values, key, least, most, otherwise);
    }

    private static int number(Map<String, ConfigNode> from, String key, int least, int most, int otherwise) {
        ConfigNode node = from.get(key);
        return node == null ? otherwise : (int) node.number(least, most);
    }

    OptionNumbers optionNumbers() {
        ConfigNode node = values.get("option_numbers");
        if (node == null) {
            return OptionNumbers.DEFAULT;
        }
        Map<String, ConfigNode> numbers = node.mapping(OPTION_KEYS);
        return node.checked(() -> new OptionNumbers(
                number(numbers, "record", 0, 0xffff, OptionNumbers.DEFAULT.record()),
                number(numbers, "rec_bind", 0, 0xffff, OptionNumbers.DEFAULT.recBind()),
                number(numbers, "payload_format", 0, 0xffff, OptionNumbers.DEFAULT.payloadFormat())));
    }

    /** Where and how the database is kept. */
    StoreSettings store() {
        StoreSettings usual = StoreSettings.DEFAULT;
        ConfigNode kind = values.get("store");
        ConfigNode durability = values.get("durability");
        boolean embedded =
                kind == null || kind.oneOf(List.of("embedded", "memory")).equals("embedded");
        Durability kept = durability == null
                ? usual.durability()
                : Durability.of(durability.oneOf(
                        Arrays.stream(Durability.values()).map(Durability::text).toList()));
        ConfigNode key = values.get("key");
        return new StoreSettings(
                embedded,
                kept,
                Optional.ofNullable(path("guard_file")),
                key == null ? usual.key() : KeyConfig.read(key));
    }

    /** The principals that may register each KMP. */
    Map<String, Set<String>> kmpPrincipals() {
        ConfigNode node = values.get("kmps");
        if (node == null) {
            return Map.of();
        }
        Map<String, Set<String>> principals = new HashMap<>();
        node.anyMapping().forEach((kmp, who) -> principals.put(kmp, Set.copyOf(new LinkedHashSet<>(who.texts()))));
        return Map.copyOf(principals);
    }

    /** Who may come in, where, and do what. */
    AccessConfig access() {
        ConfigNode rules = values.get("access");
        ConfigNode listen = values.get("listen");
        return new AccessConfig(
                rules == null ? null : AccessFile.rules(rules),
                path("admin_socket"),
                listen == null ? null : AccessFile.listen(listen));
    }

    /** The policies, in order. */
    List<Policy> policies() {
        ConfigNode node = values.get("policies");
        return node == null ? List.of() : PolicyConfig.read(node);
    }

    /** Where the audit log is. */
    AuditSettings audit(Path stateDir) {
        return AuditConfig.read(values.get("audit"), stateDir);
    }
}
