// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What is counted besides what the journal has. Thread-safe. */
final class Figures {
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

    void count(String what) {
        counts.computeIfAbsent(what, w -> new LongAdder()).increment();
    }

    long of(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    /** Everything with this beginning, by what comes behind it. */
    Map<String, Long> startingWith(String beginning) {
        Map<String, Long> found = new TreeMap<>();
        counts.forEach((what, count) -> {
            if (what.startsWith(beginning)) {
                found.put(what.substring(beginning.length()), count.sum());
            }
        });
        return found;
    }
}
