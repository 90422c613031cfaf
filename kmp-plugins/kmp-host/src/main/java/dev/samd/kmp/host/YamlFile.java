// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A YAML file, read key by key: every refusal names the line. */
final class YamlFile {
    private final Path path;
    private final Map<String, Node> keys;

    private YamlFile(Path path, Map<String, Node> keys) {
        this.path = path;
        this.keys = keys;
    }

    /**
     * Reads a file.
     *
     * @param known every other key is refused
     * @throws ConfigException if it cannot be read, or is no mapping of these keys
     */
    static YamlFile read(Path path, Set<String> known) {
        String text;
        try {
            text = Files.readString(path);
        } catch (IOException e) {
            throw new ConfigException("configuration " + path + " cannot be read: " + e.getMessage());
        }
        LoaderOptions options = new LoaderOptions();
        // A list that stands in itself has no end, and a few that stand in one another have more members than memory.
        options.setMaxAliasesForCollections(0);
        Node root;
        try (Reader reader = new StringReader(text)) {
            root = new Yaml(new SafeConstructor(options)).compose(reader);
        } catch (YAMLException | IOException e) {
            throw new ConfigException(path + " is not YAML: " + e.getMessage());
        }
        YamlFile file = new YamlFile(path, new LinkedHashMap<>());
        if (root != null) {
            file.keys.putAll(file.mapping(root, known));
        }
        return file;
    }

    /** Relative paths in the file begin here. */
    Path directory() {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    boolean has(String key) {
        return keys.containsKey(key);
    }

    /** The one value of a key, or what it stands for where it is left out. */
    String text(String key, String otherwise) {
        Node node = keys.get(key);
        return node == null ? otherwise : scalar(key, node);
    }

    /** A list of mappings, each with exactly these keys. */
    List<Map<String, String>> records(String key, Set<String> fields) {
        Node node = keys.get(key);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode list)) {
            throw wrong(node, key + " is not a list");
        }
        return list.getValue().stream().map(item -> record(key, item, fields)).toList();
    }

    /** A mapping with exactly these keys. */
    Map<String, String> record(String key, Set<String> fields) {
        Node node = keys.get(key);
        if (node == null) {
            throw wrong(key, key + " is missing");
        }
        return record(key, node, fields);
    }

    private Map<String, String> record(String key, Node node, Set<String> fields) {
        Map<String, String> record = new LinkedHashMap<>();
        mapping(node, fields).forEach((field, value) -> record.put(field, scalar(field, value)));
        for (String field : new TreeSet<>(fields)) {
            if (!record.containsKey(field)) {
                throw wrong(node, key + " has no " + field);
            }
        }
        return record;
    }

    /** A list of texts. */
    List<String> texts(String key) {
        Node node = keys.get(key);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode list)) {
            throw wrong(node, key + " is not a list");
        }
        return list.getValue().stream().map(item -> scalar(key, item)).toList();
    }

    /** A mapping of one text to another. */
    Map<String, String> pairs(String key) {
        Node node = keys.get(key);
        Map<String, String> pairs = new LinkedHashMap<>();
        if (node != null) {
            mapping(node, Set.of()).forEach((name, value) -> pairs.put(name, scalar(name, value)));
        }
        return pairs;
    }

    /** A section that somebody else reads: texts, whole numbers, truth values, and lists and maps of them. */
    Map<String, Object> section(String key) {
        Node node = keys.get(key);
        Map<String, Object> section = new LinkedHashMap<>();
        if (node != null) {
            mapping(node, Set.of()).forEach((name, value) -> section.put(name, value(name, value)));
        }
        return section;
    }

    /** A path of a key's value; a relative one begins at the directory. */
    Path path(String key, Path from, String text) {
        try {
            return from.resolve(text);
        } catch (InvalidPathException e) {
            throw wrong(key, "\"" + text + "\" is no path");
        }
    }

    /** A refusal that names the line of a key. */
    ConfigException wrong(String key, String what) {
        Node node = keys.get(key);
        return node == null ? new ConfigException(path + ": " + what) : wrong(node, what);
    }

    private Object value(String name, Node node) {
        if (node instanceof MappingNode) {
            Map<String, Object> map = new LinkedHashMap<>();
            mapping(node, Set.of()).forEach((key, value) -> map.put(key, value(key, value)));
            return map;
        }
        if (node instanceof SequenceNode list) {
            return list.getValue().stream().map(item -> value(name, item)).toList();
        }
        String text = scalar(name, node);
        if (node.getTag().equals(Tag.INT)) {
            try {
                return Long.decode(text.replace("_", ""));
            } catch (NumberFormatException e) {
                throw wrong(node, name + " is " + text + ", which is no number that fits");
            }
        }
        if (node.getTag().equals(Tag.BOOL)) {
            return Set.of("true", "yes", "on").contains(text.toLowerCase(Locale.ROOT));
        }
        if (node.getTag().equals(Tag.NULL)) {
            throw wrong(node, name + " has no value");
        }
        return text;
    }

    private String scalar(String key, Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong(node, key + " is not one value");
    }

    /** The keys of a mapping; {@code known} empty: any keys. */
    private Map<String, Node> mapping(Node node, Set<String> known) {
        if (!(node instanceof MappingNode map)) {
            throw wrong(node, "keys with values expected");
        }
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            Node keyNode = tuple.getKeyNode();
            String key = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (!known.isEmpty() && !known.contains(key)) {
                throw wrong(keyNode, "unknown key \"" + key + "\"; known are " + new TreeSet<>(known));
            }
            if (values.put(key, tuple.getValueNode()) != null) {
                throw wrong(keyNode, "key \"" + key + "\" stands twice");
            }
        }
        return values;
    }

    private ConfigException wrong(Node node, String what) {
        return new ConfigException(path + " line " + (node.getStartMark().getLine() + 1) + ": " + what);
    }
}
