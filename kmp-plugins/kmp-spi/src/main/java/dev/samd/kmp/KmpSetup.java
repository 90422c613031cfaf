// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What a KMP is made from.
 *
 * @param section its section of the configuration: texts, numbers, truth values, and lists and maps of them
 * @param directory relative paths of the section begin here
 * @param random for nonces; cryptographically strong
 */
public record KmpSetup(Map<String, Object> section, Path directory, RandomGenerator random) {
    public KmpSetup {
        section = Map.copyOf(section);
    }
}
