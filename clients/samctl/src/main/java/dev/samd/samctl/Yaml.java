// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.sa.SaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A node of a YAML file, with the place to complain about. */
final class Yaml {
    /** Far more than any list of policies. */
    private static final int MAX_OCTETS = 1 << 20;

    private final CommandLine line;
    private final String name;
    private final Node node;

    private Yaml(CommandLine line, String name, Node node) {
        this.line = line;
        this.name = name;
        this.node = node;
    }

    /**
     * Reads a file, or standard input for {@code -}.
     *
     * @throws ParameterException if it cannot be read, or is no YAML
     */
    static Yaml read(CommandLine line, Env env, String option, String argument) {
        String name = option + ": " + (argument.equals("-") ? "standard input" : argument);
        String text;
        try (InputStream in = argument.equals("-") ? env.stdin() : Files.newInputStream(Path.of(argument))) {
            byte[] octets = in.readNBytes(MAX_OCTETS + 1);
            if (octets.length > MAX_OCTETS) {
                throw new ParameterException(line, name + " has more than " + MAX_OCTETS + " octets");
            }
            text = new String(octets, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new ParameterException(line, name + " does not exist");
        } catch (IOException e) {
            throw new ParameterException(line, name + " cannot be read");
        }
        try {
            Node root = new org.yaml.snakeyaml.Yaml(new SafeConstructor(new LoaderOptions()))
                    .compose(new StringReader(text));
            if (root == null) {
                throw new ParameterException(line, name + " is empty");
            }
            return new Yaml(line, name, root);
        } catch (YAMLException e) {
            throw new ParameterException(line, name + " is not YAML: " + e.getMessage());
        }
    }

    /** The value of a key, if this has keys and that one. */
    Optional<Yaml> find(String key) {
        if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                if (key.equals(keyOf(tuple))) {
                    return Optional.of(with(tuple.getValueNode()));
                }
            }
        }
        return Optional.empty();
    }

    /** The items of a list; what is no list is a list of one. */
    List<Yaml> items() {
        return node instanceof SequenceNode list
                ? list.getValue().stream().map(this::with).toList()
                : List.of(this);
    }

    boolean isText() {
        return node instanceof ScalarNode;
    }

    String text() {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong("one value expected");
    }

    /** Reads the text, and complains of what it cannot be with its place. */
    <T> T read(Function<String, T> reading) {
        try {
            return reading.apply(text());
        } catch (SaException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    <E extends Enum<E>> E word(Class<E> type) {
        return Words.find(type, text())
                .orElseThrow(() -> wrong("'" + text() + "' is unknown; expected one of " + Words.of(type)));
    }

    /** A number of {@code 0..most}. */
    long number(long most) {
        try {
            long number = Long.parseLong(text().replace("_", ""));
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with the place.
        }
        throw wrong("'" + text() + "' is no number in 0.." + most);
    }

    /** Complains of a key that is unknown, or stands twice. */
    void requireKeys(Set<String> known) {
        if (!(node instanceof MappingNode map)) {
            throw wrong("keys with values expected: " + known.stream().sorted().toList());
        }
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : map.getValue()) {
            String key = keyOf(tuple);
            if (!known.contains(key)) {
                throw with(tuple.getKeyNode())
                        .wrong("unknown key \"" + key + "\"; known are "
                                + known.stream().sorted().toList());
            }
            if (!seen.add(key)) {
                throw with(tuple.getKeyNode()).wrong("key \"" + key + "\" stands twice");
            }
        }
    }

    ParameterException wrong(String what) {
        return new ParameterException(
                line, name + " line " + (node.getStartMark().getLine() + 1) + ": " + what);
    }

    private Yaml with(Node other) {
        return new Yaml(line, name, other);
    }

    private static String keyOf(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
