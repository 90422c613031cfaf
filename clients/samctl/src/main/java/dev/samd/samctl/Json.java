// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A JSON object that is built field by field, in order, and printed on one line. */
final class Json {
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e&&[^\"]]+");

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final @Nullable String made;

    Json() {
        this(null);
    }

    private Json(@Nullable String made) {
        this.made = made;
    }

    /** An object that somebody else has written already. */
    static Json written(String text) {
        return new Json(text);
    }

    /** Adds a string, a number, a truth value, an object, or a list of these. */
    Json with(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    /** A text in quotes, in which nothing looks like a line of its own or like an escape of a terminal. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        writeString(quoted, text);
        return quoted.toString();
    }

    /** A text as it is, or in quotes where it could be taken for something else. */
    static String word(String text) {
        return VISIBLE.matcher(text).matches() ? text : quoted(text);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        write(text, this);
        return text.toString();
    }

    private static void write(StringBuilder text, Object value) {
        if (value instanceof Json object && object.made != null) {
            text.append(object.made);
        } else if (value instanceof Json object) {
            text.append('{');
            Iterator<Map.Entry<String, Object>> fields =
                    object.fields.entrySet().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, Object> field = fields.next();
                writeString(text, field.getKey());
                text.append(':');
                write(text, field.getValue());
                text.append(fields.hasNext() ? "," : "");
            }
            text.append('}');
        } else if (value instanceof Collection<?> list) {
            text.append('[');
            Iterator<?> items = list.iterator();
            while (items.hasNext()) {
                write(text, items.next());
                text.append(items.hasNext() ? "," : "");
            }
            text.append(']');
        } else if (value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else {
            writeString(text, value.toString());
        }
    }

    private static void writeString(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    // Everything beyond ASCII is escaped, so that no terminal and no locale can spoil a line.
                    if (c < 0x20 || c > 0x7e) {
                        text.append("\\u").append(hex4(c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static String hex4(char c) {
        return HexFormat.of().toHexDigits(c);
    }
}
