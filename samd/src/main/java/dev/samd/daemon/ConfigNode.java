// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.sa.SaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** One value of the YAML file, and where it stands: what is unknown, twice or of the wrong kind is refused with its line. */
final class ConfigNode {
    private final String file;
    private final String key;
    private final Node node;

    /**
     * @param file name of the file
     * @param key what the value is called in messages
     */
    ConfigNode(String file, String key, Node node) {
        this.file = file;
        this.key = key;
        this.node = node;
    }

    /** Keys with values, of which each is one of the known. */
    Map<String, ConfigNode> mapping(Set<String> known) {
        List<String> sorted = known.stream().sorted().toList();
        return mapping(sorted, known::contains);
    }

    /** Keys with values, of which each may be anything. */
    Map<String, ConfigNode> anyMapping() {
        return mapping(List.of(), name -> !name.isEmpty());
    }

    private Map<String, ConfigNode> mapping(List<String> expected, Predicate<String> known) {
        if (!(node instanceof MappingNode map)) {
            throw wrong("keys with values expected" + (expected.isEmpty() ? "" : ": " + expected));
        }
        Map<String, ConfigNode> values = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            Node keyNode = tuple.getKeyNode();
            String name = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "";
            ConfigNode there = new ConfigNode(file, name, keyNode);
            if (!known.test(name)) {
                throw there.wrong(
                        "unknown key \"" + name + "\"" + (expected.isEmpty() ? "" : "; known are " + expected));
            }
            if (values.put(name, new ConfigNode(file, name, tuple.getValueNode())) != null) {
                throw there.wrong("key \"" + name + "\" stands twice");
            }
        }
        return values;
    }

    /** The items of a list; one value stands for a list of it. */
    List<ConfigNode> list() {
        if (!(node instanceof SequenceNode sequence)) {
            return List.of(this);
        }
        List<ConfigNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(new ConfigNode(file, key, item));
        }
        return items;
    }

    /** Whether it is one value, neither a list nor keys with values. */
    boolean isText() {
        return node instanceof ScalarNode;
    }

    String text() {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong(key + " is not one value");
    }

    /** The items of a list as texts. */
    List<String> texts() {
        return list().stream().map(ConfigNode::text).toList();
    }

    /** One of some words. */
    String oneOf(List<String> words) {
        String text = text();
        if (!words.contains(text)) {
            throw wrong(key + " is " + text + "; one of " + words + " expected");
        }
        return text;
    }

    long number(long least, long most) {
        String text = text();
        try {
            long number = Long.parseLong(text.replace("_", ""));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with the place.
        }
        throw wrong(key + " is " + text + "; a number of " + least + ".." + most + " expected");
    }

    /** What a reader makes of the text; what it refuses is refused with the line. */
    <R> R as(Function<String, R> reader) {
        String text = text();
        return checked(() -> reader.apply(text));
    }

    /** What comes out of a step; what it refuses is refused with the line of this value. */
    <R> R checked(Step<R> step) {
        try {
            return step.take();
        } catch (SaException e) {
            throw wrong(e.getMessage());
        }
    }

    ConfigException wrong(@Nullable String what) {
        return new ConfigException(file + " line " + (node.getStartMark().getLine() + 1) + ": " + what);
    }

    @FunctionalInterface
    interface Step<R> {
        R take();
    }
}
