// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.store.KeyPlace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the section {@code key}: where the key-encryption keys are. */
final class KeyConfig {
    private static final Set<String> PLACES = Set.of("file", "credential", "pkcs11");
    private static final Set<String> TOKEN_KEYS = Set.of("library", "slot", "slot_index", "pin", "label");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    /** What the configuration of the provider would read as something else. */
    private static final Pattern PLAIN_PATH = Pattern.compile("[^\"\\\\$\\p{Cntrl}]+");

    private KeyConfig() {}

    static KeyPlace read(ConfigNode node) {
        Map<String, ConfigNode> places = node.mapping(PLACES);
        if (places.size() != 1) {
            throw node.wrong("key needs exactly one of [credential, file, pkcs11]; there are " + places.keySet());
        }
        Map.Entry<String, ConfigNode> place = places.entrySet().iterator().next();
        ConfigNode value = place.getValue();
        return switch (place.getKey()) {
            case "file" -> new KeyPlace.InFile(Optional.of(path(value)));
            case "credential" -> new KeyPlace.InCredential(name(value));
            default -> token(value);
        };
    }

    private static KeyPlace token(ConfigNode node) {
        Map<String, ConfigNode> values = node.mapping(TOKEN_KEYS);
        ConfigNode slot = values.get("slot");
        ConfigNode index = values.get("slot_index");
        ConfigNode number = slot == null ? index : slot;
        if (number == null || (slot != null && index != null)) {
            throw node.wrong("pkcs11 needs exactly one of [slot, slot_index]");
        }
        ConfigNode pin = required(node, values, "pin");
        if (pin.text().length() < 2 || !pin.text().startsWith("@")) {
            // Its text may be the PIN, and is not shown.
            throw pin.wrong("pin is no \"@FILE\": a PIN does not belong into the configuration");
        }
        ConfigNode library = required(node, values, "library");
        if (!PLAIN_PATH.matcher(library.text()).matches()) {
            throw library.wrong("library is " + library.text() + "; a path without quotes, backslashes and $ expected");
        }
        return new KeyPlace.OnToken(
                path(library),
                new KeyPlace.Slot(number.number(0, 0xffff_ffffL), slot == null),
                Path.of(pin.text().substring(1)),
                name(required(node, values, "label")));
    }

    private static ConfigNode required(ConfigNode node, Map<String, ConfigNode> values, String key) {
        ConfigNode value = values.get(key);
        if (value == null) {
            throw node.wrong("pkcs11 needs " + List.of("label", "library", "pin") + "; " + key + " is missing");
        }
        return value;
    }

    private static Path path(ConfigNode node) {
        if (node.text().isEmpty()) {
            throw node.wrong("a path expected");
        }
        return Path.of(node.text());
    }

    private static String name(ConfigNode node) {
        if (!NAME.matcher(node.text()).matches() || node.text().startsWith(".")) {
            throw node.wrong(
                    "\"" + node.text() + "\" is no name: 1..64 of letters, digits, \".\", \"_\" and \"-\" expected");
        }
        return node.text();
    }
}
