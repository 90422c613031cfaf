// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.observe.AuditSettings;
import dev.samd.daemon.observe.OnFailure;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The section {@code audit} of the configuration. */
final class AuditConfig {
    private static final Set<String> KEYS = Set.of("file", "on_failure", "queue", "rotate_size", "keep", "key");

    private AuditConfig() {}

    /** @param node the section; what is not in it, or all of it if there is none, is the default */
    static AuditSettings read(@Nullable ConfigNode node, Path stateDir) {
        AuditSettings usual = AuditSettings.in(stateDir);
        if (node == null) {
            return usual;
        }
        Map<String, ConfigNode> values = node.mapping(KEYS);
        return new AuditSettings(
                path(values.get("file"), usual.file()),
                onFailure(values.get("on_failure"), usual.onFailure()),
                (int) number(values.get("queue"), 1, 1 << 20, usual.queue()),
                number(values.get("rotate_size"), 4096, 1L << 40, usual.rotateSize()),
                (int) number(values.get("keep"), 0, 1 << 20, usual.keep()),
                path(values.get("key"), usual.key()),
                stateDir);
    }

    private static Path path(@Nullable ConfigNode node, Path otherwise) {
        if (node == null) {
            return otherwise;
        }
        if (node.text().isEmpty()) {
            throw node.wrong("a path is expected");
        }
        return Path.of(node.text());
    }

    private static long number(@Nullable ConfigNode node, long least, long most, long otherwise) {
        return node == null ? otherwise : node.number(least, most);
    }

    private static OnFailure onFailure(@Nullable ConfigNode node, OnFailure otherwise) {
        if (node == null) {
            return otherwise;
        }
        for (OnFailure known : OnFailure.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(node.text())) {
                return known;
            }
        }
        throw node.wrong("on_failure is " + node.text() + "; stop or count expected");
    }
}
