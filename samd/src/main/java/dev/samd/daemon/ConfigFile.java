// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.coap.OptionNumbers;
import dev.samd.sa.SaException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The YAML file, read key by key: what is unknown, twice or of the wrong kind is refused with its line.
 */
final class ConfigFile {
    private static final Set<String> KEYS = Set.of(
            "socket",
            "state_dir",
            "event_log_size",
            "stop_patience_seconds",
            "max_associations",
            "max_keys",
            "option_numbers");
    private static final Set<String> OPTION_KEYS = Set.of("record", "rec_bind", "payload_format");

    private final String name;
    private final Map<String, Node> values;

    private ConfigFile(String name, Map<String, Node> values) {
        this.name = name;
        this.values = values;
    }

    /** A file in which nothing is said. */
    static ConfigFile empty() {
        return new ConfigFile("", Map.of());
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
        return root == null ? new ConfigFile(name, Map.of()) : new ConfigFile(name, mapping(name, root, KEYS));
    }

    @Nullable
    Path path(String key) {
        Node node = values.get(key);
        if (node == null) {
            return null;
        }
        String text = scalar(key, node);
        if (text.isEmpty()) {
            throw wrong(node, key + " is empty");
        }
        return Path.of(text);
    }

    int number(String key, int least, int most, int otherwise) {
        return number(values, key, least, most, otherwise);
    }

    OptionNumbers optionNumbers() {
        Node node = values.get("option_numbers");
        if (node == null) {
            return OptionNumbers.DEFAULT;
        }
        Map<String, Node> numbers = mapping(name, node, OPTION_KEYS);
        try {
            return new OptionNumbers(
                    number(numbers, "record", 0, 0xffff, OptionNumbers.DEFAULT.record()),
                    number(numbers, "rec_bind", 0, 0xffff, OptionNumbers.DEFAULT.recBind()),
                    number(numbers, "payload_format", 0, 0xffff, OptionNumbers.DEFAULT.payloadFormat()));
        } catch (SaException e) {
            throw wrong(node, e.getMessage());
        }
    }

    private int number(Map<String, Node> from, String key, int least, int most, int otherwise) {
        Node node = from.get(key);
        if (node == null) {
            return otherwise;
        }
        String text = scalar(key, node);
        try {
            int number = Integer.parseInt(text.replace("_", ""));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with the place.
        }
        throw wrong(node, key + " is " + text + "; a number of " + least + ".." + most + " expected");
    }

    private String scalar(String key, Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong(node, key + " is not one value");
    }

    private static Map<String, Node> mapping(String name, Node node, Set<String> known) {
        if (!(node instanceof MappingNode map)) {
            throw new ConfigException(place(name, node) + "keys with values expected: "
                    + known.stream().sorted().toList());
        }
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            Node keyNode = tuple.getKeyNode();
            String key = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (!known.contains(key)) {
                throw new ConfigException(place(name, keyNode) + "unknown key \"" + key + "\"; known are "
                        + known.stream().sorted().toList());
            }
            if (values.put(key, tuple.getValueNode()) != null) {
                throw new ConfigException(place(name, keyNode) + "key \"" + key + "\" stands twice");
            }
        }
        return values;
    }

    private ConfigException wrong(Node node, @Nullable String what) {
        return new ConfigException(place(name, node) + what);
    }

    private static String place(String name, Node node) {
        return name + " line " + (node.getStartMark().getLine() + 1) + ": ";
    }
}
