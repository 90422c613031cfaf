// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Octets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The Echo value (RFC 9175) that each target asked for last: what goes along with the next request to it. Forgets the target that
 * was asked for the longest ago; that costs the next request to it a second try. Thread-safe.
 */
final class EchoMemory {
    static final int TARGETS = 1_024;

    private final Map<String, Octets> values = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Octets> eldest) {
            return size() > TARGETS;
        }
    };

    synchronized void remember(String target, Octets value) {
        values.put(target, value);
    }

    synchronized Optional<Octets> of(String target) {
        return Optional.ofNullable(values.get(target));
    }
}
