// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What is to be done.
 *
 * @param home the root of the project
 * @param directory where the daemons live; it is there and empty
 * @param kills how often daemons are killed
 * @param time after which no more are killed
 * @param seed of everything that is chosen at random
 * @param configuration of the daemons, key by key
 */
record Plan(Path home, Path directory, int kills, Duration time, long seed, Map<String, String> configuration) {
    Plan {
        configuration = Map.copyOf(configuration);
    }
}
