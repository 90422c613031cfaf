// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the naive database expects to be said of one action, in any order. */
final class Told {
    final List<String> events = new ArrayList<>();
    final List<String> notices = new ArrayList<>();
    final Set<SaId> closeNotified = new HashSet<>();
    /** Pairs that gave way to others, and to which. */
    final Map<PairId, PairId> gaveWay = new HashMap<>();
    /** What has happened at all: it shows that the test goes where it should. */
    final Set<String> reached = new TreeSet<>();

    /** The next action begins. */
    void begin() {
        events.clear();
        notices.clear();
        closeNotified.clear();
        gaveWay.clear();
    }
}
