// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kit;

import dev.samd.kmp.KmpConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One map of a configuration with its name, for messages. Every reader says what it expects; {@link #of} refuses keys that
 * nobody reads.
 */
public final class Section {
    private final String name;
    private final Map<String, Object> values;
    private final Path directory;

    private Section(String name, Map<String, Object> values, Path directory) {
        this.name = name;
        this.values = values;
        this.directory = directory;
    }

    /**
     * A section.
     *
     * @param name its name in messages
     * @param value what should be a map
     * @param directory where relative paths begin
     * @param keys all that may stand in it
     * @throws KmpConfigException naming a key that is not among them
     */
    public static Section of(String name, Object value, Path directory, Set<String> keys) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new KmpConfigException(name + ": a map expected");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = String.valueOf(entry.getKey());
            if (!keys.contains(key)) {
                throw new KmpConfigException(name + "." + key + ": no such key; one of "
                        + String.join(", ", keys.stream().sorted().toList()) + " expected");
            }
            if (entry.getValue() != null) {
                values.put(key, entry.getValue());
            }
        }
        return new Section(name, values, directory);
    }

    /** A section inside of this one. */
    public Optional<Section> section(String key, Set<String> keys) {
        return Optional.ofNullable(values.get(key)).map(value -> of(name + "." + key, value, directory, keys));
    }

    /** The sections of a list, none if it is missing. */
    public List<Section> sections(String key, Set<String> keys) {
        List<Section> sections = new ArrayList<>();
        for (Object value : list(key)) {
            sections.add(of(name + "." + key + "[" + sections.size() + "]", value, directory, keys));
        }
        return sections;
    }

    /** The texts of a list, none if it is missing. */
    public List<String> texts(String key) {
        return list(key).stream().map(String::valueOf).toList();
    }

    /** The texts of a list, each read by {@code reader}, which throws what it has to say. */
    public <T> List<T> texts(String key, Function<String, T> reader) {
        return texts(key).stream().map(text -> read(key, text, reader)).toList();
    }

    private List<?> list(String key) {
        Object value = values.getOrDefault(key, List.of());
        if (!(value instanceof List<?> list)) {
            throw refused(key, "a list expected");
        }
        return list;
    }

    /** A text that has to be there. */
    public String text(String key) {
        return text(key, Function.identity());
    }

    /** A text that has to be there, read by {@code reader}, which throws what it has to say. */
    public <T> T text(String key, Function<String, T> reader) {
        String text = textOr(key, "");
        if (text.isEmpty()) {
            throw refused(key, "missing");
        }
        return read(key, text, reader);
    }

    private <T> T read(String key, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (KmpConfigException e) {
            throw e;
        } catch (RuntimeException e) {
            throw refused(key, String.valueOf(e.getMessage()));
        }
    }

    /** A text, or {@code absent}. */
    public String textOr(String key, String absent) {
        Object value = values.getOrDefault(key, absent);
        if (value instanceof Map || value instanceof List) {
            throw refused(key, "a text expected");
        }
        return String.valueOf(value);
    }

    /** A truth value, or {@code absent}. */
    public boolean flagOr(String key, boolean absent) {
        Object value = values.getOrDefault(key, absent);
        if (!(value instanceof Boolean flag)) {
            throw refused(key, "true or false expected");
        }
        return flag;
    }

    /** A number from 0 to 2^31-1, or {@code absent}. */
    public int numberOr(String key, int absent) {
        Object value = values.getOrDefault(key, absent);
        // A configuration file gives a Long.
        if (!(value instanceof Integer || value instanceof Long)) {
            throw refused(key, "a number from 0 on expected");
        }
        long number = ((Number) value).longValue();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw refused(key, number + "; a number from 0 to " + Integer.MAX_VALUE + " expected");
        }
        return (int) number;
    }

    /** The octets of the file that a key names as "@FILE". */
    public byte[] file(String key) {
        String text = text(key);
        if (!text.startsWith("@")) {
            throw refused(key, "the name of a file expected, as @FILE: secrets do not stand in a configuration");
        }
        Path path = read(key, text.substring(1), directory::resolve);
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw refused(key, "cannot read " + path);
        }
    }

    /** The text of the file that a key names as "@FILE", read by {@code reader}, whose messages do not quote it. */
    public <T> T file(String key, Function<String, T> reader) {
        try {
            return reader.apply(new String(file(key), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw refused(key, String.valueOf(e.getMessage()));
        }
    }

    /** An exception that names the key. */
    public KmpConfigException refused(String key, String why) {
        return new KmpConfigException(name + "." + key + ": " + why);
    }
}
